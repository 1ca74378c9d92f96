import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { bury, chainOf, increment, NOW, PLACES, put, step, versionOf } from './samples.ts'
import { firstBreak } from './verify.ts'

export function testTombstones(check: Check): void {
  for (const [place, keyOf] of PLACES) {
    const key = keyOf(1)

    check(`a tombstone reads as absent, its events stay ${place}`, async ({ ledger }) => {
      await ledger.mutate(key, increment)
      await ledger.mutate(key, () => ({ result: null, next: null, events: [step(NOW)] }))
      expect(await ledger.read(key)).toBeNull()
      expect((await ledger.list({ kind: key.kind, limit: 10 })).items).toEqual([])
      const events = await chainOf(ledger, key)
      expect(events).toHaveLength(2)
      expect(firstBreak(events)).toBeNull()
    })

    check(`an id is never fresh again after its tombstone ${place}`, async ({ ledger }) => {
      await put(ledger, key)
      await bury(ledger, key)
      const seen = await ledger.mutate(key, (state, version) => ({ result: { state, version } }))
      expect(seen).toEqual({ state: null, version: 2 })
    })

    check(`a tombstone takes its labels along ${place}`, async ({ ledger }) => {
      const where = { colour: 'red' }
      await put(ledger, key, where)
      await bury(ledger, key)
      await put(ledger, key)
      expect((await ledger.list({ kind: key.kind, where, limit: 10 })).items).toEqual([])
      expect(await versionOf(ledger, key)).toBe(3)
    })
  }
}
