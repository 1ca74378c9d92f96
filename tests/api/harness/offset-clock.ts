import type { Clock } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'

/** The system's clock, put forward or back by as much as a test wants. */
export class OffsetClock implements Clock {
  #offset = 0

  now(): number {
    return systemClock.now() + this.#offset
  }

  sleep(ms: number): Promise<void> {
    return systemClock.sleep(ms)
  }

  jump(ms: number): void {
    this.#offset += ms
  }

  reset(): void {
    this.#offset = 0
  }
}
