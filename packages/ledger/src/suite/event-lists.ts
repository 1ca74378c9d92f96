import type { Event, EventQuery, Ledger } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { CONNECTION, NOW, numberKey, OTHER_CONNECTION, record, step, tokenKey } from './samples.ts'

const HOUR = 3_600_000
const LIMIT = 50

/** What a query finds, told by each event's `n`. */
async function numbers(ledger: Ledger, query: Omit<EventQuery, 'limit'>): Promise<unknown[]> {
  const { items } = await ledger.events({ ...query, limit: LIMIT })
  return items.map((event) => event.data['n'])
}

async function newest(ledger: Ledger): Promise<Event> {
  const event = (await ledger.events({ limit: LIMIT })).items.at(-1)
  if (event === undefined) throw new Error('there is no event')
  return event
}

/** Six events of five subjects, one after the other. */
async function fill(ledger: Ledger): Promise<void> {
  const connection = { kind: 'connection', id: CONNECTION } as const
  await record(ledger, connection, step(NOW, { n: 1 }, 'connection.created'))
  await record(ledger, numberKey(1), step(NOW + 1, { n: 2 }, 'number.created'))
  await record(ledger, tokenKey(1), step(NOW + 2, { n: 3 }, 'token.created'))
  await record(ledger, numberKey(2), step(NOW + 3, { n: 4 }, 'number.created'))
  await record(ledger, numberKey(1, OTHER_CONNECTION), step(NOW + 4, { n: 5 }, 'number.created'))
  await record(ledger, numberKey(1), step(NOW + 5, { n: 6 }, 'key.published'))
}

export function testEventLists(check: Check): void {
  check('events() lists by arrival, type, subject and connection', async ({ ledger }) => {
    await fill(ledger)
    const connections = [CONNECTION]
    expect(await numbers(ledger, {})).toEqual([1, 2, 3, 4, 5, 6])
    expect(await numbers(ledger, { type: 'number.created' })).toEqual([2, 4, 5])
    expect(await numbers(ledger, { subject: numberKey(1).id })).toEqual([2, 6])
    expect(await numbers(ledger, { subject: numberKey(1).id, type: 'key.published' })).toEqual([6])
    expect(await numbers(ledger, { connections })).toEqual([1, 2, 4, 6])
    expect(await numbers(ledger, { connections, type: 'number.created' })).toEqual([2, 4])
    expect(await numbers(ledger, { connections: [OTHER_CONNECTION, CONNECTION] })).toEqual([
      1, 2, 4, 5, 6,
    ])
    expect(await numbers(ledger, { connections: [] })).toEqual([])
  })

  // A token that is limited to one connection asks for a subject of another.
  check('events() hides a subject of a connection that was not asked for', async ({ ledger }) => {
    await fill(ledger)
    const connections = [CONNECTION]
    const foreign = numberKey(1, OTHER_CONNECTION).id
    expect(await numbers(ledger, { subject: foreign, connections })).toEqual([])
    expect(await numbers(ledger, { subject: tokenKey(1).id, connections })).toEqual([])
    expect(await numbers(ledger, { subject: CONNECTION, connections })).toEqual([1])
    expect(await numbers(ledger, { subject: numberKey(1).id, connections })).toEqual([2, 6])
  })

  check('events() begins after an event, or after a point in time', async ({ ledger }) => {
    await fill(ledger)
    const [, , third] = (await ledger.events({ limit: LIMIT })).items
    expect(await numbers(ledger, { after: third?.id ?? '' })).toEqual([4, 5, 6])
    expect(await numbers(ledger, { after: NOW + 3 })).toEqual([5, 6])
    expect(await numbers(ledger, { after: NOW + 5 })).toEqual([])
    expect(await numbers(ledger, { subject: numberKey(1).id, after: NOW + 1 })).toEqual([6])
    const last = await newest(ledger)
    expect(await numbers(ledger, { subject: numberKey(1).id, after: last.id })).toEqual([])
  })

  check('events() pages without a gap while events arrive', async ({ ledger }) => {
    await fill(ledger)
    const first = await ledger.events({ limit: 4 })
    await record(ledger, tokenKey(2), step(NOW, { n: 7 }))
    const second = await ledger.events({ limit: 4, cursor: first.nextCursor ?? '' })
    const found = [...first.items, ...second.items].map((event) => event.data['n'])
    expect(found).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(second.nextCursor).toBeNull()
  })

  check('events() keeps the order of arrival when the clock jumps back', async ({ ledger }) => {
    await record(ledger, tokenKey(1), step(NOW, { n: 1 }))
    await record(ledger, tokenKey(1), step(NOW - HOUR, { n: 2 }))
    await record(ledger, tokenKey(2), step(NOW - HOUR + 1, { n: 3 }))
    await record(ledger, tokenKey(1), step(NOW + 1, { n: 4 }))
    expect(await numbers(ledger, {})).toEqual([1, 2, 3, 4])
    expect(await numbers(ledger, { after: NOW - HOUR })).toEqual([1, 3, 4])
    expect(await numbers(ledger, { after: NOW })).toEqual([4])
  })

  check('events() rejects a cursor or an event that it never gave out', async ({ ledger }) => {
    await fill(ledger)
    const refusal = { code: 'invalid_request' }
    const last = await newest(ledger)
    const queries: Omit<EventQuery, 'limit'>[] = [
      { cursor: 'zero' },
      { cursor: '-1' },
      { after: 'evt_0' },
      { subject: tokenKey(1).id, after: last.id },
    ]
    for (const query of queries) {
      await expect(ledger.events({ ...query, limit: LIMIT })).rejects.toMatchObject(refusal)
    }
  })
}
