import { Fault, MINUTE, type Clock } from '@latchkey/core'

const WINDOW_MS = MINUTE
const TRACKED_MAX = 10_000

interface Window {
  readonly began: number
  used: number
}

export interface RateLimiter {
  /**
   * Counts one request of a caller and gives the headers that tell where it stands
   * (draft-ietf-httpapi-ratelimit-headers).
   * @throws Fault rate_limited
   */
  take(caller: string): Readonly<Record<string, string>>
}

/** A fixed window for each caller, kept in this isolate: a floor under abuse, not an exact account. */
export function createRateLimiter(limit: number | null, clock: Clock): RateLimiter {
  const windows = new Map<string, Window>()
  return {
    take(caller) {
      if (limit === null) return {}
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
      if (window.used > limit) {
        throw new Fault('rate_limited', `Cannot take more than ${limit} requests a minute`, {
          retryAfterMs: leftMs,
        })
      }
      return {
        'ratelimit-policy': `"default";q=${limit};w=${WINDOW_MS / 1000}`,
        ratelimit: `"default";r=${limit - window.used};t=${Math.ceil(leftMs / 1000)}`,
      }
    },
  }
}
