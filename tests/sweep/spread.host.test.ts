import { deleteNumber } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ACTOR, type SweepWorld, sweepWorld } from './sweep-world.ts'

const HOUR = 3_600_000
const SWEEP_MS = 6 * HOUR
const NUMBERS = 1_000
const PARTS = 12
/** Five standard deviations of how many of the numbers fall into one of the parts. */
const UNEVEN = 5 * Math.sqrt((NUMBERS / PARTS) * (1 - 1 / PARTS))

let world: SweepWorld
let connectionId: string
beforeEach(async () => {
  world = await sweepWorld()
  connectionId = await world.connect()
})
afterEach(() => world.close())

async function addNumbers(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await world.add(connectionId, String(index))
}

/** How often each number was called for since. */
function countsOf(since: number): readonly number[] {
  const counts = new Map<string, number>()
  for (const { at, upstreamId } of world.calls) {
    if (at > since) counts.set(upstreamId, (counts.get(upstreamId) ?? 0) + 1)
  }
  return [...counts.values()]
}

function perPart(since: number): readonly number[] {
  const counts = Array.from({ length: PARTS }, () => 0)
  for (const { at } of world.calls) {
    const part = Math.floor(((at - since) / SWEEP_MS) * PARTS)
    if (part >= 0 && part < PARTS) counts[part] = (counts[part] ?? 0) + 1
  }
  return counts
}

function expectEven(counts: readonly number[]): void {
  for (const count of counts) {
    expect(Math.abs(count - NUMBERS / PARTS)).toBeLessThan(UNEVEN)
  }
}

describe('the sweep', () => {
  test('reads numbers that were added in one go once in each interval, evenly', async () => {
    await addNumbers(NUMBERS)
    const added = world.clock.now()
    await world.pass(2 * SWEEP_MS)
    const counts = countsOf(added)
    expect(counts).toHaveLength(NUMBERS)
    expect(counts.every((count) => count === 2)).toBe(true)
    expectEven(perPart(added))
    expectEven(perPart(added + SWEEP_MS))
    expect(world.calls.every(({ writes }) => !writes)).toBe(true)
  })

  test('reads them as evenly after the program was down for days', async () => {
    await addNumbers(NUMBERS)
    world.clock.jump(40 * HOUR)
    await world.pass(1)
    const restarted = world.clock.now()
    await world.pass(SWEEP_MS)
    expectEven(perPart(restarted))
    expect(countsOf(restarted)).toHaveLength(NUMBERS)
  })

  test('ends with the number', async () => {
    const id = await world.add(connectionId, '1')
    await deleteNumber(world.services, { actor: ACTOR }, id)
    expect(await world.ledger.nextDue()).toBeNull()
  })
})

test('a number whose key cannot be read is not swept', async () => {
  const blind = await sweepWorld({ readable: false })
  await blind.add(await blind.connect(), '1')
  expect(await blind.ledger.nextDue()).toBeNull()
  await blind.close()
})
