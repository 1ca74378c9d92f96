import type { LedgerNamespace, LedgerStub } from '@latchkey/ledger/durable-object'
import { expect, test } from 'vitest'
import { sweep } from './sweep.ts'

const CONNECTIONS = ['con_1', 'con_2', 'con_3']

// An object that cannot start keeps failing: were the sweep to end there, no object behind it would ever be woken.
test('sweep() goes on behind an object that fails, and tells of it', async () => {
  const asked: string[] = []
  const told: unknown[] = []
  const broken = new Error('Broken')
  const stub = (name: string) => ({
    ping() {
      asked.push(name)
      return name === 'con_2' ? Promise.reject(broken) : Promise.resolve({ ok: true, value: null })
    },
    list: () =>
      Promise.resolve({
        ok: true,
        value: {
          items: CONNECTIONS.map((id) => ({ id, version: 1, state: '{}' })),
          nextCursor: null,
        },
      }),
  })
  // Of an object the sweep uses these two.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const getByName = (name: string) => stub(name) as unknown as LedgerStub
  const namespace: LedgerNamespace = { getByName }
  await sweep(namespace, (error) => told.push(error))
  expect(asked).toEqual(['registry', ...CONNECTIONS])
  expect(told).toEqual([broken])
})
