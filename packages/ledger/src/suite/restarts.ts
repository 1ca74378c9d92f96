import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { chainOf, increment, NOW, PLACES, put, versionOf } from './samples.ts'
import { firstBreak } from './verify.ts'

const LEASE = 60_000

export function testRestarts(check: Check): void {
  for (const [place, keyOf] of PLACES) {
    check(`state, events, labels and tasks outlive a restart ${place}`, async (harness) => {
      const key = keyOf(1)
      const labels = { colour: 'red' }
      await harness.ledger.mutate<{ count: number }, number>(key, (state) => ({
        ...increment(state),
        labels,
        tasks: [{ name: 'settle', due: NOW, data: { n: 1 } }],
      }))
      const before = await chainOf(harness.ledger, key)
      await harness.restart()
      const { ledger } = harness
      expect(await ledger.read(key)).toEqual({ state: { count: 1 }, version: 1 })
      expect(await chainOf(ledger, key)).toEqual(before)
      const listed = await ledger.list({ kind: key.kind, where: labels, limit: 10 })
      expect(listed.items).toHaveLength(1)
      expect(await harness.queueOf(key).claim(NOW, 10, LEASE)).toMatchObject([
        { subject: key, name: 'settle', data: { n: 1 } },
      ])
      await ledger.mutate(key, increment)
      expect(firstBreak(await chainOf(ledger, key))).toBeNull()
    })

    check(`leases and fences outlive a restart ${place}`, async (harness) => {
      const key = keyOf(1)
      const tasks = [{ name: 'settle', due: NOW }]
      await harness.ledger.mutate(key, () => ({ result: null, tasks }))
      const [held] = await harness.queueOf(key).claim(NOW, 10, LEASE)
      await harness.restart()
      const queue = harness.queueOf(key)
      expect(await queue.claim(NOW, 10, LEASE)).toEqual([])
      const [next] = await queue.claim(NOW + LEASE, 10, LEASE)
      expect(next?.fence).toBeGreaterThan(held?.fence ?? Number.POSITIVE_INFINITY)
    })

    check(`a tombstone outlives a restart ${place}`, async (harness) => {
      await put(harness.ledger, keyOf(1))
      await harness.ledger.mutate(keyOf(1), () => ({ result: null, next: null }))
      await harness.restart()
      expect(await harness.ledger.read(keyOf(1))).toBeNull()
      expect(await versionOf(harness.ledger, keyOf(1))).toBe(2)
    })
  }

  check('a receipt in flight outlives a restart', async (harness) => {
    const receipt = { id: 'r', digest: 'd', now: NOW, leaseMs: LEASE, keepMs: LEASE }
    await harness.ledger.claimReceipt('registry', receipt)
    await harness.restart()
    expect(await harness.ledger.claimReceipt('registry', receipt)).toEqual({
      outcome: 'in_flight',
    })
  })
}
