import type { Clock, Instant } from '@latchkey/core'
import type { KnownToken } from './latchkey-token.ts'

/** A revocation must hold everywhere within 90 s; nothing is remembered for longer than this. */
const REMEMBER_MS = 30_000
const ENTRIES_MAX = 10_000

interface Entry {
  /** Null: revoked. */
  readonly known: KnownToken | null
  readonly until: Instant
}

/** Remembers, by digest, who a token belongs to, for a short while. Tokens themselves are never kept. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(digest: string): KnownToken | null {
    const entry = this.#entries.get(digest)
    if (entry === undefined) return null
    const left = entry.until - this.#clock.now()
    // More than we ever grant is left only where the clock went back.
    if (left > 0 && left <= REMEMBER_MS) return entry.known
    this.#entries.delete(digest)
    return null
  }

  /** A token that was revoked meanwhile stays so: it may have been looked up just before. */
  set(digest: string, known: KnownToken): void {
    const until = Math.min(this.#clock.now() + REMEMBER_MS, known.expiresAt ?? Infinity)
    const revoked = this.#entries.get(digest)?.known === null
    if (!revoked) this.#put(digest, { known, until })
  }

  /** Refuses to remember a token that was revoked here; whoever looks it up from now on finds nothing. */
  revoke(digest: string): void {
    this.#put(digest, { known: null, until: this.#clock.now() + REMEMBER_MS })
  }

  #put(digest: string, entry: Entry): void {
    if (this.#entries.size >= ENTRIES_MAX) {
      const oldest = this.#entries.keys().next()
      if (oldest.done !== true) this.#entries.delete(oldest.value)
    }
    this.#entries.set(digest, entry)
  }
}
