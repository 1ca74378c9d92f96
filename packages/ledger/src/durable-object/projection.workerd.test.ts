import {
  evictDurableObject,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import {
  chainOf,
  CONNECTION,
  type Counter,
  increment,
  NOW,
  numberKey,
  put,
  step,
  tokenKey,
} from '../suite/samples.ts'
import { firstBreak } from '../suite/verify.ts'
import { nextBatch } from './outbox.ts'
import type { Batch } from './projection.ts'
import { storageDatabase } from './storage.ts'
import { alarmOf, execute, inside, openLedger, stubOf } from './testing.ts'

const ledger = openLedger()
const key = numberKey(1)
afterEach(() => reset())

const REFUSE = `CREATE TRIGGER refusal BEFORE INSERT ON aggregates
  BEGIN SELECT RAISE(ABORT, 'the registry is not to be reached'); END`

async function listed(): Promise<readonly Counter[]> {
  const { items } = await ledger.list<Counter>({ kind: 'number', limit: 10 })
  return items.map((row) => row.state)
}

async function logged(): Promise<number[]> {
  const { items } = await ledger.events({ limit: 100 })
  return items.map((event) => event.sequence)
}

/** Commits while the registry takes nothing in. */
async function commitInOutage(commits: number): Promise<void> {
  await put(ledger, tokenKey(1))
  await execute('registry', REFUSE)
  for (let n = 0; n < commits; n += 1) await ledger.mutate(key, increment)
}

test('a commit succeeds while the registry fails, and reads of its own see it', async () => {
  await commitInOutage(2)
  expect(await ledger.read(key)).toEqual({ state: { count: 2 }, version: 2 })
  expect(await chainOf(ledger, key)).toHaveLength(2)
  expect(await listed()).toEqual([])
  expect(await logged()).toEqual([])
  const reports = await inside(CONNECTION, (object) => object.reports.length)
  expect(reports).toBe(2)
})

test('the alarm tells the registry what it missed, though the object was evicted', async () => {
  await commitInOutage(3)
  expect(await alarmOf(CONNECTION)).toBeLessThan(NOW)
  await evictDurableObject(stubOf(CONNECTION))
  await execute('registry', 'DROP TRIGGER refusal')
  await runDurableObjectAlarm(stubOf(CONNECTION))
  expect(await listed()).toEqual([{ count: 3 }])
  expect(await logged()).toEqual([1, 2, 3])
  expect(firstBreak((await ledger.events({ limit: 10 })).items)).toBeNull()
})

test('the next commit tells the registry what it missed', async () => {
  await commitInOutage(2)
  await execute('registry', 'DROP TRIGGER refusal')
  await ledger.mutate(numberKey(2), increment)
  expect(await listed()).toEqual([{ count: 2 }, { count: 1 }])
  expect(await logged()).toEqual([1, 2, 1])
})

test('more than one batch of changes arrives in full and in order', async () => {
  await put(ledger, tokenKey(1))
  await execute('registry', REFUSE)
  const keys = Array.from({ length: 70 }, (_, n) => numberKey(n))
  for (const each of keys) {
    await ledger.mutate(each, (state: Counter | null) => ({
      ...increment(state),
      events: [step(NOW), step(NOW)],
    }))
  }
  await execute('registry', 'DROP TRIGGER refusal')
  await runDurableObjectAlarm(stubOf(CONNECTION))
  const { items } = await ledger.list({ kind: 'number', limit: 200 })
  expect(items.map((row) => row.id)).toEqual(keys.map((each) => each.id))
  const events = await ledger.events({ limit: 200 })
  expect(events.items.map((event) => event.subject)).toEqual(
    keys.flatMap((each) => [each.id, each.id]),
  )
})

// An answer is lost, the batch is sent again, and meanwhile a newer one has come.
test('project() takes in a late or repeated batch without going back', async () => {
  await commitInOutage(1)
  const old = await runInDurableObject(stubOf(CONNECTION), (_, { storage }) =>
    nextBatch(storageDatabase(storage)),
  )
  const batch: Batch = old?.batch ?? { rows: [], events: [] }
  expect(batch.rows).toHaveLength(1)
  await execute('registry', 'DROP TRIGGER refusal')
  await ledger.mutate(key, increment)
  expect(await stubOf('registry').project(batch)).toMatchObject({ ok: true })
  expect(await stubOf('registry').project(batch)).toMatchObject({ ok: true })
  expect(await listed()).toEqual([{ count: 2 }])
  expect(await logged()).toEqual([1, 2])
})

test('a commit of tasks alone does not trouble the registry', async () => {
  await ledger.mutate(key, () => ({ result: null, tasks: [{ name: 'settle', due: NOW }] }))
  expect(await execute('registry', 'SELECT name FROM sqlite_schema')).toEqual([])
})

test('reading what does not exist leaves nothing behind in its object', async () => {
  expect(await ledger.read(key)).toBeNull()
  expect(await chainOf(ledger, key)).toEqual([])
  expect(await execute(CONNECTION, 'SELECT name FROM sqlite_schema')).toEqual([])
})

test('an object refuses an aggregate that lives elsewhere', async () => {
  const read = await stubOf(CONNECTION).read(tokenKey(1))
  expect(read).toMatchObject({ ok: false, code: 'internal' })
})

test('an object of a newer program is refused in one line', async () => {
  await put(ledger, key)
  await execute(CONNECTION, `UPDATE ledger_schemas SET version = 99 WHERE name = 'ledger'`)
  await evictDurableObject(stubOf(CONNECTION))
  await expect(ledger.read(key)).rejects.toMatchObject({
    code: 'internal',
    message: `Cannot open object ${CONNECTION}: its ledger schema is version 99, this program knows up to 2`,
  })
})

// Whoever is told by the registry that a piece of work is done looks for what it did in the registry's lists.
test('what an object tells the registry comes after what it committed before', async () => {
  await put(ledger, tokenKey(1))
  const seen: number[] = []
  await inside(CONNECTION, (object) => {
    object.work = async (_, own) => {
      for (const n of [1, 2, 3]) await own.mutate(numberKey(n), increment)
      await own.mutate(tokenKey(1), increment)
      seen.push((await listed()).length)
    }
  })
  await ledger.mutate(numberKey(9), () => ({ result: null, tasks: [{ name: 'settle', due: NOW }] }))
  await runDurableObjectAlarm(stubOf(CONNECTION))
  expect(seen).toEqual([3])
})
