import { Fault, MINUTE, type Clock } from '@latchkey/core'

const WINDOW_MS = MINUTE
const TRACKED_MAX = 10_000

interface Window {
  readonly began: number
  used: number
}

export interface Standing {
  /** Headers that tell the caller where it stands (draft-ietf-httpapi-ratelimit-headers). */
  readonly headers: Readonly<Record<string, string>>
  /** Set where this request was one too many. */
  readonly fault: Fault | null
}

export interface RateLimiter {
  /** Counts one request of a caller. */
  take(caller: string): Standing
}

/** A fixed window for each caller, kept in this isolate: a floor under abuse, not an exact account. */
export function createRateLimiter(limit: number | null, clock: Clock): RateLimiter {
  const windows = new Map<string, Window>()
  return {
    take(caller) {
      if (limit === null) return { headers: {}, fault: null }
      const now = clock.now()
      let window = windows.get(caller)
      if (window === undefined || now < window.began || now >= window.began + WINDOW_MS) {
        window = { began: now, used: 0 }
        windows.delete(caller)
        if (windows.size >= TRACKED_MAX) {
          const oldest = windows.keys().next()
          if (oldest.done !== true) windows.delete(oldest.value)
        }
        windows.set(caller, window)
      }
      window.used += 1
      const leftMs = window.began + WINDOW_MS - now
      const left = limit - window.used
      return {
        headers: {
          'ratelimit-policy': `"default";q=${limit};w=${WINDOW_MS / 1000}`,
          ratelimit: `"default";r=${Math.max(0, left)};t=${Math.ceil(leftMs / 1000)}`,
        },
        fault: left < 0 ? tooMany(limit, leftMs) : null,
      }
    },
  }
}

function tooMany(limit: number, retryAfterMs: number): Fault {
  return new Fault('rate_limited', `Cannot take more than ${limit} requests a minute`, {
    retryAfterMs,
  })
}
