import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { actor, chainOf, increment, NOW, numberKey, PLACES, record, step } from './samples.ts'
import { firstBreak } from './verify.ts'

export function testChains(check: Check): void {
  check('the first event of a subject has no hash before it', async ({ ledger }) => {
    await record(ledger, numberKey(1), step(NOW, { deep: { list: [1, null, 'é'] } }))
    const [event] = await chainOf(ledger, numberKey(1))
    expect(event).toMatchObject({
      type: 'counter.step',
      at: NOW,
      actor,
      subject: numberKey(1).id,
      sequence: 1,
      data: { deep: { list: [1, null, 'é'] } },
      previousHash: null,
    })
  })

  for (const [place, keyOf] of PLACES) {
    // Somebody with access to the disk rewrites what the log says was done.
    check(`a chain shows which event was altered ${place}`, async (harness) => {
      for (let n = 0; n < 4; n += 1) await harness.ledger.mutate(keyOf(1), increment)
      expect(firstBreak(await chainOf(harness.ledger, keyOf(1)))).toBeNull()
      await harness.tamper(keyOf(1), 3)
      expect(firstBreak(await chainOf(harness.ledger, keyOf(1)))).toBe(3)
    })
  }

  check('events of one decision follow each other in one chain', async ({ ledger }) => {
    await record(ledger, numberKey(1), step(NOW, {}, 'one'), step(NOW, {}, 'two'))
    await record(ledger, numberKey(1), step(NOW, {}, 'three'))
    const events = await chainOf(ledger, numberKey(1))
    expect(events.map((event) => event.type)).toEqual(['one', 'two', 'three'])
    expect(firstBreak(events)).toBeNull()
  })

  check('heads() pages over the newest event of every subject', async ({ ledger }) => {
    const keys = PLACES.flatMap(([, keyOf]) => [keyOf(1), keyOf(2), keyOf(3)])
    for (const key of keys) {
      await ledger.mutate(key, increment)
      await ledger.mutate(key, increment)
    }
    const first = await ledger.heads(null, 4)
    const second = await ledger.heads(first.nextCursor, 4)
    const heads = [...first.items, ...second.items]
    expect(second.nextCursor).toBeNull()
    expect(heads.map((head) => head.subject)).toEqual(keys.map((key) => key.id).sort())
    for (const key of keys) {
      const last = (await chainOf(ledger, key)).at(-1)
      expect(heads).toContainEqual({ subject: key.id, sequence: 2, hash: last?.hash })
    }
  })

  check('heads() of an empty ledger is an empty page', async ({ ledger }) => {
    expect(await ledger.heads(null, 10)).toEqual({ items: [], nextCursor: null })
  })
}
