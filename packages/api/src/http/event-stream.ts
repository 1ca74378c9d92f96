import { type Clock, MINUTE, SECOND } from '@latchkey/core'

export const EVENT_STREAM_TYPE = 'text/event-stream'

/** One message of a stream; the id is what a client says that it has seen when it comes back. */
export interface StreamMessage {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

export interface StreamState {
  readonly message: StreamMessage
  /** Nothing will follow this one. */
  readonly isLast: boolean
}

const LOOK_EVERY_MS = SECOND / 2
/** Proxies cut what is silent for long. */
const SIGN_OF_LIFE_MS = 15 * SECOND
/** On Workers an invocation cannot go on for ever: the client comes back by itself, with what it has seen last. */
const OPEN_MS = MINUTE
const RETRY_MS = SECOND

/**
 * Server-Sent Events (HTML Living Standard §9.2) that follow something as it changes. A client that has seen the last
 * message is told not to come back (204).
 * @param look the newest message; whatever lies between it and the one seen last is left out
 */
export async function eventStream(
  clock: Clock,
  lastSeen: string | null,
  look: () => Promise<StreamState>,
): Promise<Response> {
  const first = await look()
  if (first.isLast && first.message.id === lastSeen) return new Response(null, { status: 204 })
  let seen = lastSeen
  let state: StreamState | null = first
  let waited = 0
  let silent = 0
  let isHeard = true
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`))
    },
    async pull(controller) {
      for (;;) {
        state ??= await look()
        const { message, isLast } = state
        state = null
        if (message.id !== seen) {
          seen = message.id
          silent = 0
          controller.enqueue(encoder.encode(written(message)))
          if (isLast) controller.close()
          return
        }
        if (waited >= OPEN_MS) return controller.close()
        await clock.sleep(LOOK_EVERY_MS)
        if (!isHeard) return
        waited += LOOK_EVERY_MS
        silent += LOOK_EVERY_MS
        if (silent < SIGN_OF_LIFE_MS) continue
        silent = 0
        return controller.enqueue(encoder.encode(':\n\n'))
      }
    },
    cancel() {
      isHeard = false
    },
  })
  return new Response(body, {
    headers: { 'content-type': EVENT_STREAM_TYPE, 'cache-control': 'no-store' },
  })
}

function written({ id, event, data }: StreamMessage): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
