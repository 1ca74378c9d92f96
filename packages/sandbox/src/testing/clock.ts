import type { Clock } from '@latchkey/core'

/** When tests take place: between the ends of v20.0 and v21.0 of Meta's API. */
export const TEST_TIME = Date.parse('2026-11-21T12:00:00Z')

/** Stands still: time passes only where the sandbox's own clock is put forward. */
export const stoppedClock: Clock = {
  now: () => TEST_TIME,
  sleep: () => new Promise(() => undefined),
}
