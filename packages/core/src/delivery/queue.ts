import type { Instant } from '../instant.ts'
import { attemptDue, isSending } from './attempt.ts'
import type { DeliveryState } from './delivery.ts'

/** What is to be sent one after the other, in this order. */
export type Line = readonly DeliveryState[]

/**
 * Sorts what is pending into lines that wait for nobody: one for each subject, in the order of its events, and one for
 * each repeat.
 */
export function linesOf(pending: readonly DeliveryState[]): readonly Line[] {
  const lines = new Map<string, DeliveryState[]>()
  for (const delivery of pending) {
    const name = delivery.isRepeat ? delivery.id : delivery.event.subject
    const line = lines.get(name) ?? []
    lines.set(name, [...line, delivery])
  }
  return [...lines.values()].map((line) =>
    line.toSorted((one, other) => one.event.sequence - other.event.sequence),
  )
}

/** When a line's first can be sent; null where it is empty. */
export function dueOf([first]: Line, now: Instant): Instant | null {
  if (first === undefined) return null
  if (first.sendingUntil !== null && isSending(first, now)) return first.sendingUntil
  return attemptDue(first, now)
}
