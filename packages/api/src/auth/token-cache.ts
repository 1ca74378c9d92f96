import type { Clock, Instant, Principal } from '@latchkey/core'

/** A revocation must hold everywhere within 90 s; nothing is remembered for longer than this. */
const REMEMBER_MS = 30_000
const ENTRIES_MAX = 10_000

interface Entry {
  readonly principal: Principal
  readonly until: Instant
}

/** Remembers, by digest, who a token belongs to, for a short while. Tokens themselves are never kept. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(digest: string): Principal | null {
    const entry = this.#entries.get(digest)
    if (entry === undefined) return null
    const left = entry.until - this.#clock.now()
    // More than we ever grant is left only where the clock went back.
    if (left > 0 && left <= REMEMBER_MS) return entry.principal
    this.#entries.delete(digest)
    return null
  }

  set(digest: string, principal: Principal, validUntil: Instant | null): void {
    if (this.#entries.size >= ENTRIES_MAX) {
      const oldest = this.#entries.keys().next()
      if (oldest.done !== true) this.#entries.delete(oldest.value)
    }
    const until = Math.min(this.#clock.now() + REMEMBER_MS, validUntil ?? Infinity)
    this.#entries.set(digest, { principal, until })
  }

  delete(digest: string): void {
    this.#entries.delete(digest)
  }
}
