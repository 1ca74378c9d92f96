import type { Ledger } from '@latchkey/core'
import { expect, test } from 'vitest'
import { type ProjectionStore, projectedReads } from './projected-reads.ts'
import { SeenVersions } from './seen-versions.ts'

const SECOND = 1_000
const key = { kind: 'number', id: 'num_1' } as const
const bounded = { consistency: 'bounded' } as const

const unused = async (): Promise<never> => {
  throw new Error('this call was not expected')
}

/** One aggregate in an object, a store beside it, and an isolate for each `open()`. */
function world() {
  const stored = new Map<string, string>()
  const object = { version: 1 as number | null, reads: 0 }
  let now = 1_000_000
  const store: ProjectionStore = {
    get: async (id) => stored.get(id) ?? null,
    put: async (id, text) => void stored.set(id, text),
  }
  const open = (at: ProjectionStore | null = store) => {
    const versions = new SeenVersions()
    const reports: unknown[] = []
    const deferred: Promise<unknown>[] = []
    const ledger: Ledger = {
      async read<S>() {
        object.reads += 1
        // A test reads nothing but this.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const state = { is: object.version } as S
        return object.version === null ? null : { state, version: object.version }
      },
      mutate: unused,
      list: unused,
      events: unused,
      digestHeads: unused,
      claimReceipt: unused,
      releaseReceipt: unused,
      ping: unused,
      close: unused,
    }
    const near = projectedReads(ledger, {
      store: at,
      versions,
      clock: { now: () => now },
      defer: (work) => void deferred.push(work),
      report: (error) => void reports.push(error),
    })
    return {
      versions,
      reports,
      read: async (options?: typeof bounded | { consistency: 'strong' }) => {
        const snapshot = await near.read(key, options)
        await Promise.all(deferred.splice(0))
        return snapshot?.version ?? null
      },
    }
  }
  return { object, stored, open, wait: (ms: number) => void (now += ms) }
}

test('a bounded read is answered near the user, in this isolate and in another', async () => {
  const { object, open } = world()
  const [here, elsewhere] = [open(), open()]
  expect(await here.read(bounded)).toBe(1)
  object.version = 2
  expect(await here.read(bounded)).toBe(1)
  expect(await elsewhere.read(bounded)).toBe(1)
  expect(object.reads).toBe(1)
})

test('a strong read, and one that says nothing, goes to the object', async () => {
  const { object, open } = world()
  const here = open()
  await here.read(bounded)
  object.version = 2
  expect(await here.read({ consistency: 'strong' })).toBe(2)
  expect(await here.read()).toBe(2)
})

test('no bounded read is older than 45 seconds, whatever the store still has', async () => {
  const { object, open, wait } = world()
  await open().read(bounded)
  object.version = 2
  wait(45 * SECOND)
  expect(await open().read(bounded)).toBe(1)
  wait(1)
  expect(await open().read(bounded)).toBe(2)
})

test('what is read often is read anew behind an answer, once', async () => {
  const { object, open, wait } = world()
  const here = open()
  await here.read(bounded)
  object.version = 2
  wait(16 * SECOND)
  expect(await here.read(bounded)).toBe(1)
  expect(await here.read(bounded)).toBe(2)
  expect(await here.read(bounded)).toBe(2)
  expect(object.reads).toBe(2)
})

// Whoever has just published a key must not be shown the one before.
test('a version that this isolate knows to be old is not answered', async () => {
  const { object, open } = world()
  const here = open()
  await here.read(bounded)
  object.version = 2
  here.versions.note(key.id, 2)
  expect(await here.read(bounded)).toBe(2)
})

// A read that took long puts what it read over what somebody read later.
test('a late answer does not bring an old version back where a newer one was seen', async () => {
  const { object, stored, open } = world()
  const here = open()
  await open().read(bounded)
  const late = stored.get(key.id) ?? ''
  object.version = 2
  here.versions.note(key.id, 2)
  expect(await here.read(bounded)).toBe(2)
  stored.set(key.id, late)
  expect(await here.read(bounded)).toBe(2)
})

test('that something does not exist is not kept', async () => {
  const { object, stored, open } = world()
  object.version = null
  const here = open()
  expect(await here.read(bounded)).toBeNull()
  expect(stored.size).toBe(0)
  object.version = 1
  expect(await here.read(bounded)).toBe(1)
})

test.each([
  ['is not to be reached', { get: unused, put: unused }, 2],
  ['has no JSON', { get: async () => '{', put: async () => undefined }, 1],
  ['has what another program put there', { get: async () => '[]', put: async () => undefined }, 0],
])('a store that %s is passed by', async (_, store, failures) => {
  const { open } = world()
  const here = open(store)
  expect(await here.read(bounded)).toBe(1)
  expect(here.reports).toHaveLength(failures)
})

// The clock of whoever has put it there is ahead: its entry would stay usable for longer than it may.
test('an entry of the future is not answered', async () => {
  const { object, open, wait } = world()
  await open().read(bounded)
  object.version = 2
  wait(-1)
  expect(await open().read(bounded)).toBe(2)
})
