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
}
