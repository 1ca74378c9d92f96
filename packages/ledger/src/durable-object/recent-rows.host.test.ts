import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeChange } from '../sql/change.ts'
import { type NodeDatabase, openDatabase } from '../sqlite/database.ts'
import { CONNECTION, increment, numberKey } from '../suite/samples.ts'
import { PartitionStore } from './partition-store.ts'
import { RecentRows } from './recent-rows.ts'

let db: NodeDatabase
let store: PartitionStore

beforeEach(() => {
  db = openDatabase(':memory:')
  const hooks = { onWrite: () => undefined, onVersion: () => undefined, report: () => undefined }
  store = new PartitionStore(db, CONNECTION, hooks)
})
afterEach(() => db.close())

const key = numberKey(1)

test('a row that was written is read as it is stored', () => {
  store.commit(key, 0, encodeChange(key, increment(null)))
  store.commit(key, 1, encodeChange(key, increment({ count: 1 })))
  const stored = db.all('SELECT version, state, labels FROM aggregates')
  expect([store.read(key)]).toEqual(stored)
  expect(store.read(key)).toMatchObject({ version: 2, state: '{"count":2}' })
})

// The version of a write that was undone would let the next one go unnoticed.
test('a row whose write was undone is read as it was', () => {
  store.mutate(key, increment)
  const undone = () =>
    store.together(() => {
      store.mutate(key, increment)
      throw new Error('the disk is full')
    })
  expect(undone).toThrow('the disk is full')
  expect(store.read(key)).toMatchObject({ version: 1 })
  store.mutate(key, increment)
  expect(store.read(key)).toMatchObject({ version: 2 })
})

test('RecentRows keeps what was used last, and no large row', () => {
  const rows = new RecentRows()
  for (let n = 0; n < 100; n += 1) {
    rows.keep(numberKey(n), { version: 1, state: '{}', labels: '{}' })
  }
  rows.keep(numberKey(100), { version: 1, state: 'x'.repeat(100_000), labels: '{}' })
  expect([0, 99, 100].map((n) => rows.get(numberKey(n)) === null)).toEqual([true, false, true])
})

test('a row that becomes large is no longer known as it was', () => {
  const rows = new RecentRows()
  rows.keep(key, { version: 1, state: '{}', labels: '{}' })
  rows.keep(key, { version: 2, state: 'x'.repeat(100_000), labels: '{}' })
  expect(rows.get(key)).toBeNull()
})

test('what has arrived at the registry is forgotten with the next write, or when it is asked for', () => {
  store.mutate(key, increment)
  const sent = store.nextBatch()?.batch
  if (sent === undefined) throw new Error('nothing is to be told')
  store.acknowledge(sent)
  expect(db.all('SELECT id FROM outbox')).toHaveLength(1)
  expect(store.isPending()).toBe(false)
  expect(db.all('SELECT id FROM outbox')).toHaveLength(0)
})
