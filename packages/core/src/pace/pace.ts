import { DAY, type Instant, isAhead, MINUTE, SECOND } from '../instant.ts'
import type { Pressure } from '../provider/provider.ts'

/** From here on fewer calls are made at once; at 100 percent one at a time. */
const EASE_FROM_PERCENT = 75
/** So much used, and the upstream says when there will be room again: until then it is left alone. */
const FULL_PERCENT = 100
/** What an upstream said of its limits is not believed for longer. */
const PRESSURE_MS = MINUTE
const FIRST_PAUSE_MS = 15 * SECOND
const LONGEST_PAUSE_MS = 15 * MINUTE

interface Known {
  readonly usedPercent: number
  readonly at: Instant
  readonly pause: { readonly until: Instant; readonly ms: number } | null
  /** Refusals in a row that did not say how long to wait. */
  readonly refusals: number
}

const UNKNOWN: Known = { usedPercent: 0, at: -Infinity, pause: null, refusals: 0 }

/** How fast connections may be called by work that nobody waits for: learned from answers, forgotten with the process. */
export interface Pace {
  /** Until when a connection's upstream is to be left alone; null where it is not. */
  pausedUntil(connectionId: string, now: Instant): Instant | null
  /** How many calls may be under way at once, of `limit` at the most. */
  slots(connectionId: string, limit: number, now: Instant): number
  /** An answer, with what it told of the limits. */
  noteAnswer(connectionId: string, pressure: Pressure | null, now: Instant): void
  /** A refusal for too many calls; null: it did not say for how long. */
  noteRefusal(connectionId: string, retryAfterMs: number | null, now: Instant): void
}

export function createPace(): Pace {
  const all = new Map<string, Known>()
  const of = (id: string) => all.get(id) ?? UNKNOWN
  return {
    pausedUntil(id, now) {
      const { pause } = of(id)
      return pause !== null && isAhead(pause.until, now, pause.ms) ? pause.until : null
    },
    slots(id, limit, now) {
      const { usedPercent, at } = of(id)
      if (usedPercent <= EASE_FROM_PERCENT || Math.abs(now - at) > PRESSURE_MS) return limit
      const left = (FULL_PERCENT - usedPercent) / (FULL_PERCENT - EASE_FROM_PERCENT)
      return Math.max(1, Math.floor(limit * left))
    },
    noteAnswer(id, pressure, now) {
      if (pressure === null) {
        if (of(id).refusals > 0) all.set(id, { ...of(id), refusals: 0 })
        return
      }
      const { usedPercent, regainAccessMs } = pressure
      const full = usedPercent >= FULL_PERCENT && regainAccessMs !== null
      const pause = full ? pauseOf(regainAccessMs, now) : of(id).pause
      all.set(id, { usedPercent, at: now, pause, refusals: 0 })
    },
    noteRefusal(id, retryAfterMs, now) {
      const refusals = retryAfterMs === null ? of(id).refusals + 1 : 0
      const guess = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, refusals - 1), LONGEST_PAUSE_MS)
      all.set(id, { ...of(id), refusals, pause: pauseOf(retryAfterMs ?? guess, now) })
    },
  }
}

function pauseOf(ms: number, now: Instant) {
  const bounded = Math.min(Math.max(ms, SECOND), DAY)
  return { until: now + bounded, ms: bounded }
}
