import type { ServerResponse } from 'node:http'
import type { Clock } from '@latchkey/core'
import type { Reply } from './faults/reply.ts'

/** Statuses that never have a body, nor a length (RFC 9110 §8.6). */
const WITHOUT_BODY = new Set([204, 304])

/** Writes a reply to the socket, as broken as it asks to be. */
export async function writeReply(
  outgoing: ServerResponse,
  reply: Reply,
  clock: Clock,
): Promise<void> {
  if (reply.kind === 'hang') return
  if (reply.kind === 'reset') {
    outgoing.socket?.resetAndDestroy()
    return
  }
  const { status, headers, body, cutAt, drip } = reply
  const length = WITHOUT_BODY.has(status) ? {} : { 'content-length': String(body.length) }
  outgoing.writeHead(status, { ...Object.fromEntries(headers), ...length })
  if (cutAt !== undefined) {
    const { socket } = outgoing
    outgoing.write(body.subarray(0, cutAt), () => socket?.destroySoon())
    return
  }
  if (drip !== undefined)
    // A request that came early has no socket yet: the answer before it is still on its way.
    for (
      let at = 0;
      at < body.length && outgoing.socket?.destroyed !== true;
      at += drip.chunkBytes
    ) {
      outgoing.write(body.subarray(at, at + drip.chunkBytes))
      await clock.sleep(drip.intervalMs)
    }
  else outgoing.write(body)
  outgoing.end()
}
