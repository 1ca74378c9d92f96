import type { AggregateKey, Clock, Instant, Ledger, ReadOptions, Snapshot } from '@latchkey/core'
import { encodeJson } from '../sql/json.ts'
import { parseEntry, type ProjectedEntry, snapshotOf } from './projected-entry.ts'
import type { SeenVersions } from './seen-versions.ts'

/** As much of a namespace of Workers KV as is needed. */
export interface ProjectionStore {
  get(key: string, options: { readonly cacheTtl: number }): Promise<string | null>
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>
}

export interface Projection {
  /** Null: there is the isolate's own memory alone. */
  readonly store: ProjectionStore | null
  /** Of the isolate, so that nobody reads older than they have read or written here. */
  readonly versions: SeenVersions
  readonly clock: Pick<Clock, 'now'>
  /** Keeps work alive that goes on after the answer. */
  readonly defer: (work: Promise<unknown>) => void
  /** Takes what the store failed with; what it was asked for is read from the object. */
  readonly report: (error: unknown) => void
}

/**
 * How old what is answered may be: a token is remembered for 30 s on top, and its revocation holds everywhere within
 * 90 s. KV itself promises no bound, so that each entry says when it was read.
 */
const OLDEST_MS = 45_000
/** From this age on an entry is read anew behind the answer: what is read often is always there. */
const REFRESH_MS = 15_000
/** The least that KV takes for each (developers.cloudflare.com/kv/api, "Read" and "Write key-value pairs"). */
const CACHE_SECONDS = 30
const EXPIRE_SECONDS = 60
const REMEMBERED_MAX = 2_000

interface Remembered {
  readonly entry: ProjectedEntry
  /** When it was last tried to read it anew. */
  readonly triedAt: Instant
}

/**
 * A ledger whose bounded reads are answered from this isolate's memory, or from a projection near the user. What is
 * not there, too old, or older than what this isolate has seen, is read from its object and put there. That something
 * does not exist is never put there: it may exist a moment later.
 */
export function projectedReads(ledger: Ledger, projection: Projection): Ledger {
  const { store, versions, clock, defer, report } = projection
  const remembered = new Map<string, Remembered>()

  function remember(id: string, entry: ProjectedEntry, triedAt: Instant): void {
    versions.note(id, entry.version)
    remembered.delete(id)
    if (remembered.size >= REMEMBERED_MAX) {
      const oldest = remembered.keys().next()
      if (oldest.done !== true) remembered.delete(oldest.value)
    }
    remembered.set(id, { entry, triedAt })
  }

  async function readThrough<S>(key: AggregateKey): Promise<Snapshot<S> | null> {
    const asOf = clock.now()
    const snapshot = await ledger.read<S>(key)
    if (snapshot === null) {
      remembered.delete(key.id)
      return null
    }
    const entry = { ...snapshot, asOf }
    remember(key.id, entry, asOf)
    if (store !== null) {
      const text = encodeJson(entry, `the projection of ${key.id}`)
      defer(store.put(key.id, text, { expirationTtl: EXPIRE_SECONDS }).catch(report))
    }
    return snapshot
  }

  /** A negative age is that of another's clock, or of one that went back, and not to be trusted. */
  function isUsable(id: string, { version, asOf }: ProjectedEntry): boolean {
    const age = clock.now() - asOf
    return age >= 0 && age <= OLDEST_MS && !versions.isOld(id, version)
  }

  async function entryNear(id: string): Promise<ProjectedEntry | null> {
    const own = remembered.get(id)?.entry
    if (own !== undefined && isUsable(id, own)) return own
    if (store === null) return null
    try {
      const text = await store.get(id, { cacheTtl: CACHE_SECONDS })
      const entry = text === null ? null : parseEntry(text)
      if (entry === null || !isUsable(id, entry)) return null
      remember(id, entry, entry.asOf)
      return entry
    } catch (error) {
      report(error)
      return null
    }
  }

  function refreshBehind(key: AggregateKey, entry: ProjectedEntry): void {
    const now = clock.now()
    if (now - (remembered.get(key.id)?.triedAt ?? entry.asOf) <= REFRESH_MS) return
    remember(key.id, entry, now)
    defer(readThrough(key).catch(report))
  }

  return {
    ...ledger,
    async read<S>(key: AggregateKey, options: ReadOptions = {}) {
      if (options.consistency !== 'bounded') return ledger.read<S>(key)
      const entry = await entryNear(key.id)
      if (entry === null) return readThrough<S>(key)
      refreshBehind(key, entry)
      return snapshotOf<S>(entry)
    },
  }
}
