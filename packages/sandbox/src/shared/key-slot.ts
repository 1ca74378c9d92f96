import type { Instant } from '@latchkey/core'

export type SignatureStatus = 'VALID' | 'MISMATCH'

export interface StoredKey {
  readonly pem: string
  readonly status: SignatureStatus
}

/** How many written keys a number remembers, the latest last. */
const HISTORY = 100

/** What an upstream holds for one phone number. */
export interface KeySlot {
  registered: boolean
  key: StoredKey | null
  /** Writes that the upstream took, whether or not the caller ever heard of it. */
  writes: number
  readonly history: string[]
  /** What reads still show while a write has not reached them. */
  stale: { readonly key: StoredKey | null; readonly until: Instant } | null
}

export function createSlot(registered: boolean, key: StoredKey | null): KeySlot {
  return { registered, key, writes: 0, history: [], stale: null }
}

/** Takes a key as the number's one active key: signed at once, seen by reads `readLagMs` later. */
export function writeKey(slot: KeySlot, pem: string, now: Instant, readLagMs: number): void {
  slot.stale = readLagMs === 0 ? null : { key: visibleKey(slot, now), until: now + readLagMs }
  slot.key = { pem, status: 'VALID' }
  slot.writes += 1
  slot.history.push(pem)
  if (slot.history.length > HISTORY) slot.history.shift()
}

/** A number that is registered again has a new identity, which never signed the key it holds. */
export function registerSlot(slot: KeySlot): void {
  slot.registered = true
  slot.stale = null
  if (slot.key !== null) slot.key = { ...slot.key, status: 'MISMATCH' }
}

export function visibleKey(slot: KeySlot, now: Instant): StoredKey | null {
  return slot.stale !== null && now < slot.stale.until ? slot.stale.key : slot.key
}
