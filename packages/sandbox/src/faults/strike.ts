import type { Clock } from '@latchkey/core'
import { distortReply, replacementReply, replyWith, type Reply } from './reply.ts'
import { isReplacement, type FaultRule } from './rule.ts'

export interface Handling {
  readonly clock: Clock
  /** Has the emulator handle the request. */
  readonly handle: () => Promise<Response>
  /** The upstream's own answer for one of its error codes. */
  readonly fail: (code: string | number) => Response | null
}

/** Carries a request through a fault: whether and when it takes effect, and what is answered. */
export async function strike(rule: FaultRule, handling: Handling): Promise<Reply> {
  const { clock, handle, fail } = handling
  const { answer, latencyMs = 0, answerLatencyMs = 0 } = rule
  if (latencyMs > 0) await clock.sleep(latencyMs)
  if (answer === undefined || !isReplacement(answer)) {
    const own = await replyWith(await handle())
    if (answerLatencyMs > 0) await clock.sleep(answerLatencyMs)
    return answer === undefined ? own : distortReply(answer, own)
  }
  if (rule.apply === 'now') await handle()
  else if (typeof rule.apply === 'object') void clock.sleep(rule.apply.afterMs).then(handle)
  if (answerLatencyMs > 0) await clock.sleep(answerLatencyMs)
  return replacementReply(answer, fail)
}
