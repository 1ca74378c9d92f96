import { type AggregateKey, Fault, type JsonObject, type Ledger } from '@latchkey/core'
import { expect } from 'vitest'
import { MAX_JSON_BYTES } from '../sql/json.ts'
import type { Check } from './harness.ts'
import { chainOf, type Counter, increment, NOW, PLACES, step, versionOf } from './samples.ts'
import { firstBreak } from './verify.ts'

const WRITERS = 200

async function expectUntouched(ledger: Ledger, key: AggregateKey): Promise<void> {
  expect(await ledger.read(key)).toBeNull()
  expect(await versionOf(ledger, key)).toBe(0)
  expect(await chainOf(ledger, key)).toEqual([])
  expect((await ledger.list({ kind: key.kind, limit: 10 })).items).toEqual([])
}

function circular(): JsonObject {
  const data: Record<string, JsonObject> = {}
  data['self'] = data
  return data
}

const refused = [
  ['an event that is too long', 'payload_too_large', { long: 'x'.repeat(MAX_JSON_BYTES) }],
  ['an event that is not JSON', 'internal', circular()],
] as const

function testWrites(check: Check, place: string, keyOf: (n: number) => AggregateKey): void {
  check(`mutate() loses none of ${WRITERS} concurrent writes ${place}`, async ({ ledger }) => {
    const key = keyOf(1)
    const writes = Array.from({ length: WRITERS }, () => ledger.mutate(key, increment))
    const counts = new Set(await Promise.all(writes))
    expect(counts.size).toBe(WRITERS)
    expect(await ledger.read(key)).toEqual({ state: { count: WRITERS }, version: WRITERS })
    const events = await chainOf(ledger, key)
    expect(events.map((event) => event.sequence)).toEqual(
      Array.from({ length: WRITERS }, (_, index) => index + 1),
    )
    expect(firstBreak(events)).toBeNull()
  })

  check(`mutate() hands on what decide throws, and changes nothing ${place}`, async (harness) => {
    const { ledger } = harness
    const refusal = new Fault('precondition_failed', 'Cannot change: it is not what it was')
    const write = ledger.mutate(keyOf(1), () => {
      throw refusal
    })
    await expect(write).rejects.toBe(refusal)
    await expectUntouched(ledger, keyOf(1))
  })

  for (const [what, code, data] of refused) {
    check(`mutate() refuses ${what} and writes nothing ${place}`, async ({ ledger }) => {
      const write = ledger.mutate(keyOf(1), () => ({
        result: null,
        next: { count: 1 },
        labels: { colour: 'red' },
        events: [step(NOW), step(NOW, data)],
        tasks: [{ name: 'follow', due: NOW }],
      }))
      await expect(write).rejects.toMatchObject({ code })
      await expectUntouched(ledger, keyOf(1))
    })
  }

  check(`a commit that fails half-way leaves nothing ${place}`, async (harness) => {
    const { ledger } = harness
    await ledger.mutate(keyOf(1), increment)
    await harness.breakTasks(keyOf(1))
    const write = ledger.mutate<Counter, number>(keyOf(1), (state) => ({
      ...increment(state),
      tasks: [{ name: 'follow', due: NOW }],
    }))
    await expect(write).rejects.toMatchObject({ code: 'internal' })
    expect(await ledger.read(keyOf(1))).toEqual({ state: { count: 1 }, version: 1 })
    expect(await chainOf(ledger, keyOf(1))).toHaveLength(1)
    expect(await ledger.mutate(keyOf(1), increment)).toBe(2)
    expect(firstBreak(await chainOf(ledger, keyOf(1)))).toBeNull()
  })
}

export function testCommits(check: Check): void {
  for (const [place, keyOf] of PLACES) testWrites(check, place, keyOf)

  check('mutate() gives the first decision neither state nor version', async ({ ledger }) => {
    const seen = await ledger.mutate(PLACES[1][1](1), (state, version) => ({
      result: { state, version },
    }))
    expect(seen).toEqual({ state: null, version: 0 })
  })

  check('a decision that changes nothing makes no version', async ({ ledger }) => {
    const key = PLACES[1][1](1)
    await ledger.mutate(key, increment)
    expect(await ledger.mutate(key, () => ({ result: 'looked' }))).toBe('looked')
    expect(await versionOf(ledger, key)).toBe(1)
  })

  check('a decision that leaves out `next` keeps state and labels', async ({ ledger }) => {
    const key = PLACES[1][1](1)
    const labels = { colour: 'red' }
    await ledger.mutate(key, () => ({ result: null, next: { count: 7 }, labels }))
    await ledger.mutate(key, () => ({ result: null, events: [step(NOW)] }))
    expect(await ledger.read(key)).toEqual({ state: { count: 7 }, version: 2 })
    expect((await ledger.list({ kind: key.kind, where: labels, limit: 10 })).items).toHaveLength(1)
  })

  check('mutate() refuses a state that is too long for an engine', async ({ ledger }) => {
    const key = PLACES[0][1](1)
    const write = ledger.mutate(key, () => ({ result: null, next: 'x'.repeat(MAX_JSON_BYTES) }))
    await expect(write).rejects.toMatchObject({ code: 'payload_too_large' })
    await expectUntouched(ledger, key)
  })

  check('mutate() refuses an event at a time that no calendar has', async ({ ledger }) => {
    const key = PLACES[0][1](1)
    const write = ledger.mutate(key, () => ({ result: null, events: [step(Number.NaN)] }))
    await expect(write).rejects.toMatchObject({ code: 'internal' })
    await expectUntouched(ledger, key)
  })
}
