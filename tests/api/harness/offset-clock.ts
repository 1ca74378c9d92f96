import type { Clock } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'

/** The system's clock, put forward or back by as much as a test wants. */
export class OffsetClock implements Clock {
  #offset = 0
  #haste: number

  /** @param haste how many times sooner than told a sleep ends */
  constructor(haste = 1) {
    this.#haste = haste
  }

  now(): number {
    return systemClock.now() + this.#offset
  }

  sleep(ms: number): Promise<void> {
    return systemClock.sleep(ms / this.#haste)
  }

  jump(ms: number): void {
    this.#offset += ms
  }

  reset(haste = 1): void {
    this.#offset = 0
    this.#haste = haste
  }
}
