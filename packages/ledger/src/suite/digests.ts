import { createHash } from 'node:crypto'
import type { AggregateKey, Ledger } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { chainOf, increment, numberKey, OTHER_CONNECTION, tokenKey } from './samples.ts'

const keys = [tokenKey(1), numberKey(1), numberKey(2), numberKey(1, OTHER_CONNECTION)]

async function writeAll(ledger: Ledger, subjects: readonly AggregateKey[]): Promise<void> {
  for (const key of subjects) await ledger.mutate(key, increment)
}

/** The digest as anybody can compute it from the events. */
async function digestOf(ledger: Ledger, subjects: readonly AggregateKey[]): Promise<string> {
  const lines: string[] = []
  for (const key of subjects) {
    const head = (await chainOf(ledger, key)).at(-1)
    lines.push(`${key.id} ${head?.sequence} ${head?.hash}\n`)
  }
  return createHash('sha256').update(lines.sort().join('')).digest('hex')
}

export function testDigests(check: Check): void {
  check('digestHeads() covers the newest event of every subject', async ({ ledger }) => {
    await writeAll(ledger, [...keys, ...keys, numberKey(2)])
    const digest = await digestOf(ledger, keys)
    expect(await ledger.digestHeads(null)).toMatchObject({ subjects: keys.length, digest })
  })

  check('digestHeads() says the same of a point in the past for ever', async ({ ledger }) => {
    await writeAll(ledger, keys)
    const then = await ledger.digestHeads(null)
    await writeAll(ledger, [...keys, tokenKey(0), numberKey(3)])
    expect(await ledger.digestHeads(then.upTo)).toEqual(then)
    const now = await ledger.digestHeads(null)
    expect(now.upTo).toBeGreaterThan(then.upTo)
    expect(now.subjects).toBe(keys.length + 2)
    expect(now.digest).not.toBe(then.digest)
  })

  // Somebody removes what was done last: what is left of that chain is sound in itself.
  check('digestHeads() shows that the end of a chain was cut off', async (harness) => {
    const { ledger } = harness
    await writeAll(ledger, [...keys, ...keys])
    const signed = await ledger.digestHeads(null)
    await harness.cutOff(numberKey(1))
    expect((await ledger.digestHeads(signed.upTo)).digest).not.toBe(signed.digest)
    await harness.cutOff(numberKey(1))
    expect((await ledger.digestHeads(signed.upTo)).subjects).toBe(keys.length - 1)
  })

  check('digestHeads() of an empty ledger is the digest of nothing', async ({ ledger }) => {
    const digest = createHash('sha256').digest('hex')
    expect(await ledger.digestHeads(null)).toEqual({ upTo: 0, subjects: 0, digest })
  })
}
