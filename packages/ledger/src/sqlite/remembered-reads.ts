import type { AggregateKey, Snapshot } from '@latchkey/core'
import { readAggregate } from '../sql/aggregates.ts'
import { integer } from '../sql/columns.ts'
import { first, type SqlDatabase } from '../sql/database.ts'
import { decodeState } from '../sql/json.ts'

const REMEMBERED_MAX = 2_000
/** Characters. Numbers and tokens are far below; together they stay below 64 MB. */
const LARGEST = 16_384

export interface RememberedReads {
  /** The aggregate as it is stored. */
  read<S>(key: AggregateKey): Snapshot<S> | null
  /** Has to be told of every write of this connection. */
  forget(key: AggregateKey): void
}

/**
 * Keeps what was read for as long as nobody has changed it, as to ask for a row and to parse it is most of what a
 * cached read costs. Of what other connections commit, SQLite itself keeps count
 * (https://sqlite.org/pragma.html#pragma_data_version), so that nothing old is ever read.
 */
export function rememberReads(db: SqlDatabase): RememberedReads {
  const remembered = new Map<string, Snapshot<unknown>>()
  let version = 0

  function remember(name: string, snapshot: Snapshot<unknown>): void {
    const oldest = remembered.keys().next()
    if (remembered.size >= REMEMBERED_MAX && oldest.done !== true) remembered.delete(oldest.value)
    remembered.set(name, snapshot)
  }

  return {
    read<S>(key: AggregateKey) {
      const now = dataVersion(db)
      if (now !== version) remembered.clear()
      version = now
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
