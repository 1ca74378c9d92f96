import { expect, test } from 'vitest'
import { encodeChange } from '../sql/change.ts'
import type { SqlDatabase } from '../sql/database.ts'
import { openDatabase } from '../sqlite/database.ts'
import { CONNECTION, increment, numberKey } from '../suite/samples.ts'
import { acknowledge, isPending, nextBatch } from './outbox.ts'
import { PartitionStore } from './partition-store.ts'
import type { Batch } from './projection.ts'

const HOOKS = { onWrite: () => undefined, onVersion: () => undefined, report: () => undefined }

const key = numberKey(1)

function commit(store: PartitionStore, version: number): void {
  store.commit(key, version, encodeChange(key, increment({ count: version })))
}

function batchOf(db: SqlDatabase): Batch {
  return nextBatch(db)?.batch ?? { rows: [], events: [] }
}

test('acknowledge() forgets what has arrived', () => {
  const db = openDatabase(':memory:')
  commit(new PartitionStore(db, CONNECTION, HOOKS), 0)
  acknowledge(db, batchOf(db))
  expect(isPending(db)).toBe(false)
  expect(nextBatch(db)).toBeNull()
  db.close()
})

// A commit happens while the batch is on its way: its answer speaks of the older state.
test('acknowledge() keeps what has changed since the batch was sent', () => {
  const db = openDatabase(':memory:')
  const store = new PartitionStore(db, CONNECTION, HOOKS)
  commit(store, 0)
  const sent = batchOf(db)
  commit(store, 1)
  acknowledge(db, sent)
  expect(batchOf(db)).toMatchObject({
    rows: [{ key, version: 2, state: '{"count":2}' }],
    events: [{ sequence: 2 }],
  })
  db.close()
})

test('acknowledge() does not go back when an older batch is confirmed last', () => {
  const db = openDatabase(':memory:')
  const store = new PartitionStore(db, CONNECTION, HOOKS)
  commit(store, 0)
  const older = batchOf(db)
  commit(store, 1)
  acknowledge(db, batchOf(db))
  acknowledge(db, older)
  expect(isPending(db)).toBe(false)
  db.close()
})
