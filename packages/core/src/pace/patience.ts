import { DAY, type Instant, isAhead, SECOND } from '../instant.ts'

const FIRST_PAUSE_MS = 15 * SECOND
const LONGEST_PAUSE_MS = 15 * 60 * SECOND
const FULL_PAUSE_MS = 2 * SECOND

interface Known {
  readonly underWay: number
  /** Pauses in a row that ended in another failure. */
  readonly failures: number
  readonly pause: { readonly until: Instant; readonly ms: number } | null
}

const UNKNOWN: Known = { underWay: 0, failures: 0, pause: null }

export interface Wait {
  /** The upstream is left alone, or there are too many readings at the moment. */
  readonly because: 'paused' | 'full'
  readonly until: Instant
}

/**
 * Keeps reading that nobody waits for from hammering upstreams that do not answer: a connection that failed is left
 * alone for a while, then tried once; and there is never too much of it at once. Forgotten with the process.
 */
export interface Patience {
  /** Begins a reading (null), or says why and how long to wait. What has begun has to be ended. */
  begin(connectionId: string, now: Instant): Wait | null
  /** @param failure null: the upstream answered */
  end(connectionId: string, now: Instant, failure: { readonly retryAfterMs: number } | null): void
}

/** @param atOnce readings that may be under way, of all connections together */
export function createPatience(atOnce: number): Patience {
  const all = new Map<string, Known>()
  let underWay = 0
  return {
    begin(id, now) {
      const known = all.get(id) ?? UNKNOWN
      const { pause } = known
      if (pause !== null && isAhead(pause.until, now, pause.ms))
        return { because: 'paused', until: pause.until }
      if (known.failures > 0 && known.underWay > 0) {
        return { because: 'paused', until: now + FIRST_PAUSE_MS }
      }
      if (underWay >= atOnce) return { because: 'full', until: now + FULL_PAUSE_MS }
      underWay += 1
      all.set(id, { ...known, underWay: known.underWay + 1 })
      return null
    },
    end(id, now, failure) {
      const known = all.get(id) ?? UNKNOWN
      underWay -= 1
      const left = { ...known, underWay: known.underWay - 1 }
      if (failure !== null) all.set(id, failed(left, now, failure))
      else if (left.underWay > 0) all.set(id, { ...left, failures: 0, pause: null })
      else all.delete(id)
    },
  }
}

function failed(
  known: Known,
  now: Instant,
  { retryAfterMs }: { readonly retryAfterMs: number },
): Known {
  const { pause, failures } = known
  // Those that were under way when the upstream went away have all failed of the same.
  if (pause !== null && isAhead(pause.until, now, pause.ms)) return known
  const ms = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 16), LONGEST_PAUSE_MS)
  const longer = Math.min(Math.max(ms, retryAfterMs), DAY)
  return { ...known, failures: failures + 1, pause: { until: now + longer, ms: longer } }
}
