import { type Instant, MINUTE } from '../instant.ts'
import type { TaskDraft } from '../ledger/ledger.ts'

/** The task of a number whose key can be read: read it, time and again. */
export const SWEEP = 'sweep'

/** A sweep that comes later than this share of the time between two is left out: its number has its next turn. */
const LATE_SHARE = 0.1
const LATE_MIN_MS = 5 * MINUTE

/**
 * When a number is next to be read. Each has its own moment within the interval, by its id alone: so they stay spread
 * evenly whenever they were added, whatever was late, and however often a program was started.
 */
export function nextSweep(numberId: string, sweepMs: number, now: Instant): Instant {
  const phase = Math.floor(fractionOf(numberId) * sweepMs)
  return (Math.floor((now - phase) / sweepMs) + 1) * sweepMs + phase
}

export function sweepTask(numberId: string, sweepMs: number, now: Instant): TaskDraft {
  return { name: SWEEP, due: nextSweep(numberId, sweepMs, now) }
}

/** Whether a sweep comes so late, after the program was down, that all the late ones at once would be a flood. */
export function isLate(due: Instant, sweepMs: number, now: Instant): boolean {
  return now - due > Math.max(sweepMs * LATE_SHARE, LATE_MIN_MS)
}

/** A number in [0, 1) that differs for each text, evenly over all (FNV-1a with the last step of MurmurHash3). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
