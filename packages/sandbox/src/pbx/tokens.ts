import { randomBytes } from 'node:crypto'
import { SECOND, type Instant } from '@latchkey/core'
import type { PbxKnobs } from './knobs.ts'

/** As the pages say, in seconds. */
export const ACCESS_SECONDS = 1_800
export const REFRESH_SECONDS = 86_400
/** How many access tokens an application may hold at once. */
const MAX_LIVE = 8
/** A token is 32 characters long. */
const TOKEN_BYTES = 16

export interface TokenPair {
  readonly access: string
  readonly refresh: string
}

export interface Tokens {
  /** A fresh pair; null where as many are live as may be. */
  open(now: Instant, login: PbxKnobs['login']): TokenPair | null
  /** A fresh pair in place of the one that `refresh` belongs to; `unknown` for a token that is none. */
  renew(refresh: string, now: Instant, keep: PbxKnobs['refresh']): TokenPair | 'unknown' | null
  isLive(access: string, now: Instant): boolean
  close(access: string): void
  closeAll(): void
  countLive(now: Instant): number
}

interface RefreshToken {
  /** The access token that came with it, or that it was last spent on. */
  access: string
  readonly expiresAt: Instant
}

export function createTokens(): Tokens {
  const accesses = new Map<string, Instant>()
  const refreshes = new Map<string, RefreshToken>()
  const prune = (now: Instant) => {
    for (const [token, expiresAt] of accesses) if (expiresAt <= now) accesses.delete(token)
    for (const [token, { expiresAt }] of refreshes) if (expiresAt <= now) refreshes.delete(token)
  }
  const mint = (now: Instant): TokenPair | null => {
    if (accesses.size >= MAX_LIVE) return null
    const access = randomBytes(TOKEN_BYTES).toString('hex')
    const refresh = randomBytes(TOKEN_BYTES).toString('hex')
    accesses.set(access, now + ACCESS_SECONDS * SECOND)
    refreshes.set(refresh, { access, expiresAt: now + REFRESH_SECONDS * SECOND })
    return { access, refresh }
  }
  const closeAll = () => {
    accesses.clear()
    refreshes.clear()
  }
  return {
    open(now, login) {
      prune(now)
      if (login === 'replaces') closeAll()
      return mint(now)
    },
    renew(refresh, now, keep) {
      prune(now)
      const known = refreshes.get(refresh)
      if (known === undefined) return 'unknown'
      accesses.delete(known.access)
      const pair = mint(now)
      if (pair === null) return null
      if (keep === 'rotates') refreshes.delete(refresh)
      else known.access = pair.access
      return pair
    },
    isLive(access, now) {
      prune(now)
      return accesses.has(access)
    },
    close(access) {
      accesses.delete(access)
      for (const [token, each] of refreshes) if (each.access === access) refreshes.delete(token)
    },
    closeAll,
    countLive(now) {
      prune(now)
      return accesses.size
    },
  }
}
