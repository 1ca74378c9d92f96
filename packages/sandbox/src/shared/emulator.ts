import type { Clock } from '@latchkey/core'
import type { Hono } from 'hono'
import type { RequestFields } from './fields.ts'
import type { KeySlot } from './key-slot.ts'
import type { IncidentKind } from './incidents.ts'
import type { Reader } from './readers.ts'

/** What every emulator is handed. */
export interface Surroundings {
  readonly clock: Clock
  /** The path prefix under which the emulator is served; empty at the root. */
  readonly prefix: string
  report(kind: IncidentKind, path: string): void
}

/** A request as far as it says whether it may hold a private key. */
export interface Parcel {
  readonly method: string
  /** Below the upstream's prefix. */
  readonly path: string
  readonly fields: RequestFields
}

/** One emulated upstream: its HTTP face, and the grips by which tests turn it. */
export interface Emulator<K extends object, D = null> {
  /** Serves the upstream's paths below the prefix. */
  readonly app: Pick<Hono, 'fetch'>
  /** By the id that the upstream's paths carry. */
  readonly numbers: ReadonlyMap<string, KeySlot>
  readonly knobs: KnobBoard<K>
  /** Makes every token or key that was ever given out worthless. */
  expireTokens(): void
  /** The upstream's own answer for one of its error codes; null for a code that it does not have. */
  fail(code: string | number): Response | null
  /** What the control shows besides numbers and knobs; null where there is nothing else. */
  details(): D
  /** Whether nothing listens: every connection is then reset. */
  isDown?(): boolean
  /** Whether a request is the one place where a private key belongs; nowhere, where left out. */
  takesPrivateKey?(parcel: Parcel): boolean
}

/** An emulator's knobs, typed inside of it and checked when turned from outside. */
export interface KnobBoard<K extends object> {
  readonly current: Readonly<K>
  /** @throws InputError */
  turn(change: unknown): void
}

export function knobBoard<K extends object>(
  defaults: K,
  read: Reader<{ readonly [N in keyof K]?: K[N] }>,
): KnobBoard<K> {
  let current: K = { ...defaults }
  return {
    get current() {
      return current
    },
    turn(change) {
      current = { ...current, ...read(change, '') }
    },
  }
}
