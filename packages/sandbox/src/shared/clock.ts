import { setTimeout as startTimer } from 'node:timers'
import type { Clock, Instant } from '@latchkey/core'

/** The machine's clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      startTimer(resolve, ms).unref()
    }),
}

/** A clock that can be put forward, so that a test need not wait for a token to expire. */
export interface AdjustableClock extends Clock {
  /** Puts the time forward and wakes whatever has slept long enough by it; the new time. */
  advance(ms: number): Instant
}

/** Runs as `base` does, plus whatever `advance` has added. */
export function adjustableClock(base: Clock): AdjustableClock {
  const sleepers = new Map<() => void, Instant>()
  let offset = 0
  const now = () => base.now() + offset
  return {
    now,
    sleep: (ms) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(wake)
          resolve()
        }
        sleepers.set(wake, now() + ms)
        void base.sleep(ms).then(wake)
      }),
    advance(ms) {
      offset += ms
      for (const [wake, due] of sleepers) if (due <= now()) wake()
      return now()
    },
  }
}
