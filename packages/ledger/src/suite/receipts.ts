import { type Ledger, type Partition, partitionOf, type ReceiptClaim } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { CONNECTION, increment, NOW, numberKey, OTHER_CONNECTION, PLACES } from './samples.ts'

const LEASE = 30_000
const DAY = 86_400_000
const response = { status: 201, headers: { location: '/v1/numbers/num_1' }, body: '{"id":"num_1"}' }

interface Claim {
  readonly at?: number
  readonly digest?: string
  readonly partition?: Partition
}

function claim(ledger: Ledger, options: Claim = {}): Promise<ReceiptClaim> {
  const { at = NOW, digest = 'd1', partition = CONNECTION } = options
  return ledger.claimReceipt(partition, {
    id: 'receipt',
    digest,
    now: at,
    leaseMs: LEASE,
    keepMs: DAY,
  })
}

function holderOf(result: ReceiptClaim): string {
  if (result.outcome === 'claimed') return result.holder
  throw new Error(`the receipt is ${result.outcome}`)
}

function complete(ledger: Ledger, holder: string, key = numberKey(1)): Promise<number> {
  return ledger.mutate<{ count: number }, number>(key, (state) => ({
    ...increment(state),
    receipt: { id: 'receipt', holder, response },
  }))
}

export function testReceipts(check: Check): void {
  for (const [place, keyOf] of PLACES) {
    check(`a receipt is claimed, completed, replayed and forgotten ${place}`, async (harness) => {
      const { ledger } = harness
      const key = keyOf(1)
      const partition = partitionOf(key)
      const holder = holderOf(await claim(ledger, { partition }))
      expect(await claim(ledger, { partition })).toEqual({ outcome: 'in_flight' })
      await complete(ledger, holder, key)
      const replay = { outcome: 'replay', response }
      expect(await claim(ledger, { partition, at: NOW + DAY - 1 })).toEqual(replay)
      expect(await claim(ledger, { partition, at: NOW + DAY })).toMatchObject({
        outcome: 'claimed',
      })
    })
  }

  check('claimReceipt() rejects another request with a known key', async ({ ledger }) => {
    const holder = holderOf(await claim(ledger))
    expect(await claim(ledger, { digest: 'd2' })).toEqual({ outcome: 'mismatch' })
    await complete(ledger, holder)
    expect(await claim(ledger, { digest: 'd2' })).toEqual({ outcome: 'mismatch' })
    expect(await claim(ledger, { digest: 'd2', at: NOW + DAY })).toMatchObject({
      outcome: 'claimed',
    })
  })

  check('claimReceipt() has one winner among many', async ({ ledger }) => {
    const results = await Promise.all(Array.from({ length: 20 }, () => claim(ledger)))
    expect(results.filter((result) => result.outcome === 'claimed')).toHaveLength(1)
    expect(results.filter((result) => result.outcome === 'in_flight')).toHaveLength(19)
  })

  // The first request hangs past its lease, its repetition takes over, and then the first wakes up.
  check('a holder that lost its receipt commits nothing at all', async ({ ledger }) => {
    const old = holderOf(await claim(ledger))
    const holder = holderOf(await claim(ledger, { at: NOW + LEASE }))
    expect(holder).not.toBe(old)
    await expect(complete(ledger, old)).rejects.toMatchObject({ code: 'conflict' })
    expect(await ledger.read(numberKey(1))).toBeNull()
    expect(await complete(ledger, holder)).toBe(1)
    await expect(complete(ledger, holder)).rejects.toMatchObject({ code: 'conflict' })
    expect(await ledger.read(numberKey(1))).toEqual({ state: { count: 1 }, version: 1 })
  })

  check('a receipt alone is completed without a new version', async ({ ledger }) => {
    const holder = holderOf(await claim(ledger))
    await ledger.mutate(numberKey(1), () => ({
      result: null,
      receipt: { id: 'receipt', holder, response },
    }))
    expect(await claim(ledger)).toEqual({ outcome: 'replay', response })
    expect(await ledger.mutate(numberKey(1), (_, version) => ({ result: version }))).toBe(0)
  })

  check('a receipt belongs to the partition where it was claimed', async ({ ledger }) => {
    const holder = holderOf(await claim(ledger, { partition: OTHER_CONNECTION }))
    await expect(complete(ledger, holder)).rejects.toMatchObject({ code: 'conflict' })
    holderOf(await claim(ledger, { partition: CONNECTION }))
  })

  check('releaseReceipt() gives back what its holder claimed, and no more', async ({ ledger }) => {
    const holder = holderOf(await claim(ledger))
    await ledger.releaseReceipt(CONNECTION, 'receipt', 'somebody else')
    expect(await claim(ledger)).toEqual({ outcome: 'in_flight' })
    await ledger.releaseReceipt(CONNECTION, 'receipt', holder)
    const again = holderOf(await claim(ledger, { digest: 'd2' }))
    await complete(ledger, again)
    await ledger.releaseReceipt(CONNECTION, 'receipt', again)
    expect(await claim(ledger, { digest: 'd2' })).toMatchObject({ outcome: 'replay' })
  })

  check('a completed receipt is taken back with what it answers for', async ({ ledger }) => {
    const holder = holderOf(await claim(ledger))
    await complete(ledger, holder)
    const undo = (by: string) =>
      ledger.mutate(numberKey(1), () => ({
        result: null,
        next: null,
        receipt: { id: 'receipt', holder: by, response: null },
      }))
    await undo('somebody else')
    expect(await claim(ledger)).toMatchObject({ outcome: 'replay' })
    await undo(holder)
    expect(await claim(ledger)).toMatchObject({ outcome: 'claimed' })
  })

  check('a receipt in flight stays so when the clock jumps back', async ({ ledger }) => {
    await claim(ledger)
    expect(await claim(ledger, { at: NOW - DAY })).toEqual({ outcome: 'in_flight' })
  })
}
