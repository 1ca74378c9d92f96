import type { Clock, Instant } from '@latchkey/core'
import type { KnownToken } from './latchkey-token.ts'

/** A revocation must hold everywhere within 90 s; nothing is remembered for longer than this. */
const REMEMBER_MS = 30_000
/** How long a token is taken for nobody’s without another look. */
const UNKNOWN_MS = 5_000
const ENTRIES_MAX = 10_000

interface Entry {
  /** Null: revoked. */
  readonly known: KnownToken | null
  readonly until: Instant
}

/** Remembers, by digest, who a token belongs to, for a short while. Tokens themselves are never kept. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>()
  /** Apart from those above: who makes tokens up must not drive out those that are known. */
  readonly #unknown = new Map<string, Instant>()
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
    if (!revoked) put(this.#entries, digest, { known, until })
  }

  /** Refuses to remember a token that was revoked here; whoever looks it up from now on finds nothing. */
  revoke(digest: string): void {
    put(this.#entries, digest, { known: null, until: this.#clock.now() + REMEMBER_MS })
  }

  /** Whether a token was found to be nobody's a moment ago. */
  isUnknown(digest: string): boolean {
    const left = (this.#unknown.get(digest) ?? 0) - this.#clock.now()
    return left > 0 && left <= UNKNOWN_MS
  }

  setUnknown(digest: string): void {
    put(this.#unknown, digest, this.#clock.now() + UNKNOWN_MS)
  }
}

function put<T>(entries: Map<string, T>, digest: string, entry: T): void {
  if (entries.size >= ENTRIES_MAX) {
    const oldest = entries.keys().next()
    if (oldest.done !== true) entries.delete(oldest.value)
  }
  entries.set(digest, entry)
}
