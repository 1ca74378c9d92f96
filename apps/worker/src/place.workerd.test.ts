import type { Decision, Json, Ledger } from '@latchkey/core'
import type { LedgerNamespace, LedgerStub } from '@latchkey/ledger/durable-object'
import { expect, test } from 'vitest'
import { placingObjects } from './place.ts'

const ID = 'con_1'

/** A ledger that keeps one state at a version, the objects that were asked for, and where. */
function world(version: number, lay: LedgerStub['lay']) {
  const asked: unknown[] = []
  const reports: unknown[] = []
  // Of an object this uses nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const stub = { lay } as LedgerStub
  const namespace: LedgerNamespace = {
    getByName(name, options) {
      asked.push([name, options])
      return stub
    },
  }
  // And of a ledger.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const ledger = {
    mutate: async <S, R>(
      _: unknown,
      decide: (state: S | null, version: number) => Decision<S, R>,
    ) => decide(null, version).result,
  } as Ledger
  const placing = placingObjects(ledger, namespace, (error) => reports.push(error))
  return {
    asked,
    reports,
    store: (config: Json, kind: 'connection' | 'number' = 'connection') =>
      placing.mutate({ kind, id: ID }, () => ({ result: 'stored', next: { config } })),
  }
}

const made = async () => ({ ok: true, value: null }) as const

test('placingObjects() has the object of a new connection made in its region', async () => {
  const { asked, store } = world(0, made)
  expect(await store({ region: 'weur' })).toBe('stored')
  expect(asked).toEqual([[ID, { locationHint: 'weur' }]])
})

test('placingObjects() leaves an object where it is, and where nobody cares', async () => {
  const changed = world(1, made)
  await changed.store({ region: 'weur' })
  const careless = world(0, made)
  await careless.store({})
  await careless.store({ region: 'weur' }, 'number')
  expect([...changed.asked, ...careless.asked]).toEqual([])
})

// The connection is stored by then, and its object is made by whoever needs it.
test('placingObjects() stores a connection whose object cannot be made now', async () => {
  const broken = new Error('Broken')
  const { reports, store } = world(0, () => Promise.reject(broken))
  expect(await store({ region: 'weur' })).toBe('stored')
  expect(reports).toEqual([broken])
})
