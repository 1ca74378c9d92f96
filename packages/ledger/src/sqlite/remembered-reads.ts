import { nextTick } from 'node:process'
import {
  type AggregateKey,
  type Instant,
  type ReadOptions,
  SECOND,
  type Snapshot,
} from '@latchkey/core'
import { readAggregate } from '../sql/aggregates.ts'
import { integer } from '../sql/columns.ts'
import { first, type SqlDatabase } from '../sql/database.ts'
import { decodeState } from '../sql/json.ts'

const REMEMBERED_MAX = 2_000
/** Characters. Numbers and tokens are far below; together they stay below 64 MB. */
const LARGEST = 16_384
/** How long a bounded read believes that no other process has written: to ask takes longer than all else of it. */
const BELIEVED_MS = SECOND

export interface RememberedReads {
  /** The aggregate as it is stored; where that is enough, as it was a second ago. */
  read<S>(key: AggregateKey, options?: ReadOptions): Snapshot<S> | null
  /** Has to be told of every write of this connection. */
  forget(key: AggregateKey): void
}

/**
 * Keeps what was read for as long as nobody has changed it, as to ask for a row and to parse it is most of what a
 * cached read costs. Of what other connections commit, SQLite itself keeps count
 * (https://sqlite.org/pragma.html#pragma_data_version).
 */
export function rememberReads(db: SqlDatabase, now: () => Instant): RememberedReads {
  const remembered = new Map<string, Snapshot<unknown>>()
  let version = 0
  let askedAt = 0
  let askedInThisTurn = false
  const endTurn = () => {
    askedInThisTurn = false
  }

  function forgetOthers(consistency: ReadOptions['consistency']): void {
    // Nobody who is answered in this turn of the event loop can have heard of anything that was written since.
    if (askedInThisTurn) return
    const at = now()
    const age = at - askedAt
    // A clock that went back makes an age negative.
    if (consistency === 'bounded' && age >= 0 && age < BELIEVED_MS) return
    const present = dataVersion(db)
    if (present !== version) remembered.clear()
    version = present
    askedAt = at
    askedInThisTurn = true
    nextTick(endTurn)
  }

  function remember(name: string, snapshot: Snapshot<unknown>): void {
    const oldest = remembered.keys().next()
    if (remembered.size >= REMEMBERED_MAX && oldest.done !== true) remembered.delete(oldest.value)
    remembered.set(name, snapshot)
  }

  return {
    read<S>(key: AggregateKey, { consistency }: ReadOptions = {}) {
      forgetOthers(consistency)
      const name = nameOf(key)
      const known = remembered.get(name)
      // Under this name is what was decoded for the same caller's type.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (known !== undefined) return known as Snapshot<S>
      const stored = readAggregate(db, key)
      if (stored.state === null) return null
      const snapshot = { state: decodeState<S>(stored.state), version: stored.version }
      if (stored.state.length <= LARGEST) remember(name, snapshot)
      return snapshot
    },
    forget: (key) => void remembered.delete(nameOf(key)),
  }
}

function nameOf({ kind, id }: AggregateKey): string {
  return `${kind} ${id}`
}

/** Another number each time that another connection has committed. */
function dataVersion(db: SqlDatabase): number {
  const row = first(db, 'PRAGMA data_version')
  return row === null ? 0 : integer(row, 'data_version')
}
