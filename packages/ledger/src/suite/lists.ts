import type { AggregateKind, Ledger } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check } from './harness.ts'
import {
  bury,
  CONNECTION,
  type Counter,
  numberKey,
  OTHER_CONNECTION,
  PLACES,
  put,
  THIRD_CONNECTION,
  tokenKey,
} from './samples.ts'

type Labels = Readonly<Record<string, string>>

async function ids(ledger: Ledger, kind: AggregateKind, where: Labels = {}): Promise<string[]> {
  const { items } = await ledger.list({ kind, where, limit: 100 })
  return items.map((row) => row.id)
}

export function testLists(check: Check): void {
  for (const [place, keyOf] of PLACES) {
    const { kind } = keyOf(0)
    const id = (n: number): string => keyOf(n).id

    check(`list() finds the rows that carry all labels asked for ${place}`, async ({ ledger }) => {
      await put(ledger, keyOf(1), { provider: 'a', sync: 'true' })
      await put(ledger, keyOf(2), { provider: 'a', sync: 'false' })
      await put(ledger, keyOf(3), { provider: 'b', sync: 'false' })
      expect(await ids(ledger, kind)).toEqual([id(1), id(2), id(3)])
      expect(await ids(ledger, kind, { provider: 'a' })).toEqual([id(1), id(2)])
      expect(await ids(ledger, kind, { provider: 'a', sync: 'false' })).toEqual([id(2)])
      expect(await ids(ledger, kind, { sync: 'false', provider: 'a' })).toEqual([id(2)])
      expect(await ids(ledger, kind, { provider: 'b', sync: 'true' })).toEqual([])
      expect(await ids(ledger, kind, { colour: 'red' })).toEqual([])
    })

    check(`list() follows labels as they change ${place}`, async ({ ledger }) => {
      await put(ledger, keyOf(1), { sync: 'true', provider: 'a' })
      await put(ledger, keyOf(1), { sync: 'false', provider: 'a' })
      expect(await ids(ledger, kind, { sync: 'true' })).toEqual([])
      expect(await ids(ledger, kind, { sync: 'false' })).toEqual([id(1)])
      await put(ledger, keyOf(1))
      expect(await ids(ledger, kind, { provider: 'a' })).toEqual([])
      expect(await ids(ledger, kind)).toEqual([id(1)])
    })

    check(`list() pages while rows come and go ${place}`, async ({ ledger }) => {
      const labels = { provider: 'a' }
      for (const n of [10, 20, 30, 40, 50]) await put(ledger, keyOf(n), labels)
      const first = await ledger.list({ kind, where: labels, limit: 2 })
      await bury(ledger, keyOf(20))
      await bury(ledger, keyOf(40))
      await put(ledger, keyOf(15), labels)
      await put(ledger, keyOf(35), labels)
      const cursor = first.nextCursor ?? ''
      const second = await ledger.list({ kind, where: labels, limit: 2, cursor })
      const third = await ledger.list({
        kind,
        where: labels,
        limit: 2,
        cursor: second.nextCursor ?? '',
      })
      const found = [first, second, third].map((page) => page.items.map((row) => row.id))
      expect(found).toEqual([[id(10), id(20)], [id(30), id(35)], [id(50)]])
      expect(third.nextCursor).toBeNull()
    })

    check(`list() gives state and version ${place}`, async ({ ledger }) => {
      await put(ledger, keyOf(1))
      await put(ledger, keyOf(1))
      const { items } = await ledger.list<Counter>({ kind, limit: 10 })
      expect(items).toEqual([{ id: id(1), version: 2, state: { count: 2 } }])
    })
  }

  check('list() does not mix kinds', async ({ ledger }) => {
    await put(ledger, tokenKey(1), { provider: 'a' })
    await put(ledger, numberKey(1), { provider: 'a' })
    expect(await ids(ledger, 'token', { provider: 'a' })).toEqual([tokenKey(1).id])
    expect(await ids(ledger, 'number')).toEqual([numberKey(1).id])
    expect(await ids(ledger, 'session')).toEqual([])
  })

  // A token is limited to connections: neither rows nor cursors may tell it of others.
  check('list() keeps to the connections asked for, in order of ids', async ({ ledger }) => {
    const labels = { provider: 'a' }
    for (const connection of [CONNECTION, OTHER_CONNECTION, THIRD_CONNECTION]) {
      for (const n of [1, 2]) await put(ledger, numberKey(n, connection), labels)
    }
    const connections = [THIRD_CONNECTION, CONNECTION, CONNECTION]
    const mine = [
      ...[1, 2].map((n) => numberKey(n).id),
      ...[1, 2].map((n) => numberKey(n, THIRD_CONNECTION).id),
    ]
    for (const where of [{}, labels]) {
      const found: string[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof ledger.list>> = await ledger.list({
          kind: 'number',
          where,
          connections,
          limit: 1,
          ...(cursor === null ? {} : { cursor }),
        })
        found.push(...page.items.map((row) => row.id))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(found).toEqual(mine)
    }
  })

  check('list() finds a connection itself, and nothing by a part of its id', async ({ ledger }) => {
    await put(ledger, { kind: 'connection', id: CONNECTION })
    await put(ledger, { kind: 'connection', id: OTHER_CONNECTION })
    await put(ledger, numberKey(1))
    await put(ledger, tokenKey(1))
    const within = async (kind: AggregateKind, ...connections: string[]) => {
      const { items } = await ledger.list({ kind, connections, limit: 10 })
      return items.map((row) => row.id)
    }
    expect(await within('connection', CONNECTION)).toEqual([CONNECTION])
    expect(await within('connection', 'con_', 'con', '', CONNECTION.slice(0, -1))).toEqual([])
    expect(await within('number', 'con_', 'con', '', CONNECTION.slice(0, -1))).toEqual([])
    expect(await within('number')).toEqual([])
    expect(await within('token', CONNECTION)).toEqual([])
  })

  check('list() of exactly one full page has no next one', async ({ ledger }) => {
    await put(ledger, tokenKey(1))
    await put(ledger, tokenKey(2))
    const page = await ledger.list({ kind: 'token', limit: 2 })
    expect(page.items).toHaveLength(2)
    expect(page.nextCursor).toBeNull()
  })
}
