import { Fault } from '@latchkey/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type NodeDatabase, openDatabase } from '../sqlite/database.ts'
import { CONNECTION, type Counter, increment, numberKey } from '../suite/samples.ts'
import { type GroupedWrites, groupedWrites } from './grouped-writes.ts'
import { PartitionStore } from './partition-store.ts'

let db: NodeDatabase
let store: PartitionStore
let writes: GroupedWrites
let steps = 0
let told = 0

beforeEach(() => {
  steps = 0
  told = 0
  db = openDatabase(':memory:')
  const hooks = {
    onWrite: () => void (steps += 1),
    onVersion: () => undefined,
    report: () => undefined,
  }
  store = new PartitionStore(db, CONNECTION, hooks)
  writes = groupedWrites(store, 1, () => void (told += 1))
})
afterEach(() => db.close())

const add = (n: number) => writes.mutate(numberKey(n), increment)
const refuse = () => {
  throw new Fault('conflict', 'Not this one')
}
const versionOf = (n: number) => store.read(numberKey(n)).version

test('groupedWrites() makes one step of what is asked for in a moment', async () => {
  await Promise.all([add(1), add(2), add(1)])
  expect([versionOf(1), versionOf(2)]).toEqual([2, 1])
  expect(steps).toBe(1)
  expect(told).toBe(3)
})

test('groupedWrites() decides on what those before it in the same step have written', async () => {
  const seen: (number | undefined)[] = []
  const note = () =>
    writes.mutate<Counter, null>(numberKey(1), (state) => {
      seen.push(state?.count)
      return { ...increment(state), result: null }
    })
  await Promise.all([note(), note()])
  expect(seen).toEqual([undefined, 1])
})

test('groupedWrites() lets one that fails keep none of the others from being written', async () => {
  const outcomes = await Promise.allSettled([add(1), writes.mutate(numberKey(1), refuse), add(2)])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([versionOf(1), versionOf(2)]).toEqual([1, 1])
  expect(told).toBe(2)
})

// The storage fails in the middle of the second of three, when the first one is written already.
test('groupedWrites() leaves nothing of one whose writes fail half-way', async () => {
  store.lay()
  db.run(`CREATE TRIGGER refusal BEFORE INSERT ON events WHEN NEW.subject = '${numberKey(2).id}'
    BEGIN SELECT RAISE(ABORT, 'not here'); END`)
  const outcomes = await Promise.allSettled([add(1), add(2), add(3)])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([versionOf(1), versionOf(2), versionOf(3)]).toEqual([1, 0, 1])
})

test('groupedWrites() commits what waits when it is told to', async () => {
  const answer = Promise.all([add(1), add(2)])
  writes.flush()
  expect([versionOf(1), versionOf(2)]).toEqual([1, 1])
  await answer
})
