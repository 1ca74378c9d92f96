import { type Clock, Fault, HOUR, type Instant, MINUTE, SECOND } from '@latchkey/core'
import type { IdentityFetch } from './identity-fetch.ts'
import { readIssuerKeys } from './issuer-documents.ts'
import type { PublicJwk } from './public-jwk.ts'

/** How long keys are used without asking whether they are still the issuer's. */
const FRESH_MS = 10 * MINUTE
/** How long they are used while the issuer cannot be reached: a withdrawn key must not live on for ever. */
const STALE_MS = HOUR
/** Between two reads for keys that the issuer does not have: anybody can make up a key id. */
const COOLDOWN_MS = 30 * SECOND
/** Between two reads where the first failed. */
const RETRY_MS = 5 * SECOND
/** Longer than a read may take; on Workers the request that reads may be cut off and never say so. */
const READ_LEASE_MS = MINUTE
/** How often those who wait for another request's read look whether it has come. */
const WAIT_STEP_MS = 50

interface Entry {
  readonly keys: readonly PublicJwk[] | null
  /** When the keys were read. */
  readonly readAt: Instant
  /** When the last read ended, and whether it failed. */
  readonly triedAt: Instant
  readonly failed: boolean
  readonly readingSince: Instant | null
}

const NOTHING: Entry = {
  keys: null,
  readAt: -Infinity,
  triedAt: -Infinity,
  failed: false,
  readingSince: null,
}

export interface IssuerKeys {
  /**
   * The issuer's keys, read anew where they are old or lack this key id.
   * @throws Fault upstream_unavailable where they are not to be had
   */
  keysFor(issuer: string, keyId: string | undefined): Promise<readonly PublicJwk[]>
}

/**
 * Remembers the keys of issuers, as plain data: on Workers no request may await a promise of another, so that one
 * reads while the others look again in a moment.
 */
export function createIssuerKeys(fetch: IdentityFetch, clock: Clock): IssuerKeys {
  const entries = new Map<string, Entry>()

  async function read(issuer: string, before: Entry): Promise<void> {
    entries.set(issuer, { ...before, readingSince: clock.now() })
    try {
      const keys = await readIssuerKeys(issuer, fetch)
      const now = clock.now()
      entries.set(issuer, { keys, readAt: now, triedAt: now, failed: false, readingSince: null })
    } catch {
      entries.set(issuer, { ...before, triedAt: clock.now(), failed: true, readingSince: null })
    }
  }

  return {
    async keysFor(issuer, keyId) {
      for (;;) {
        const entry = entries.get(issuer) ?? NOTHING
        const now = clock.now()
        const { keys, failed, readingSince } = entry
        const named =
          keys !== null && (keyId === undefined || keys.some((key) => key.kid === keyId))
        if (named && within(FRESH_MS, entry.readAt, now)) return keys
        const resting = within(failed ? RETRY_MS : COOLDOWN_MS, entry.triedAt, now)
        if (resting && !failed && keys !== null) return keys
        const reading = readingSince !== null && within(READ_LEASE_MS, readingSince, now)
        if ((resting || reading) && named && within(STALE_MS, entry.readAt, now)) return keys
        if (resting) throw unreachable(entry.triedAt + RETRY_MS - now)
        await (reading ? clock.sleep(WAIT_STEP_MS) : read(issuer, entry))
      }
    },
  }
}

/** Whether `now` lies less than `ms` after `since`; a clock that went back is not trusted. */
function within(ms: number, since: Instant, now: Instant): boolean {
  return now >= since && now < since + ms
}

/** Not `unauthenticated`: the token may well be good, and its holder must not throw it away. */
function unreachable(retryAfterMs: number): Fault {
  return new Fault(
    'upstream_unavailable',
    'Cannot check the token: its issuer’s keys cannot be read',
    {
      retryAfterMs,
    },
  )
}
