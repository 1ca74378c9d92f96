import { DAY, MINUTE } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { deliveryWorld } from '../support/delivery-world.ts'

const YEAR = 365 * DAY

// A clock runs a year ahead until somebody sets it right; meanwhile the receiver is down.
test('what failed before the clock went back is sent, with all that waits behind it', async () => {
  const world = await deliveryWorld({
    ledger: await openSqliteLedger({ path: ':memory:' }),
    seed: 1,
  })
  const { clock } = world
  clock.jump(YEAR)
  world.mood = { refusals: 1, lostAnswers: 0 }
  await world.tell('tok_0000000000000001')
  await world.pass(MINUTE)
  clock.jump(-YEAR)
  world.mood = { refusals: 0, lostAnswers: 0 }
  await world.tell('tok_0000000000000001')
  await world.pass(10 * MINUTE)
  const taken = world.arrivals.filter(({ isTaken }) => isTaken)
  expect(taken.map(({ sequence }) => sequence)).toEqual([1, 2])
  await world.ledger.close()
})

test('what has ended is forgotten after a week, wherever the clock has been', async () => {
  const world = await deliveryWorld({
    ledger: await openSqliteLedger({ path: ':memory:' }),
    seed: 1,
  })
  const { clock } = world
  clock.jump(YEAR)
  await world.tell('tok_0000000000000001')
  await world.pass(MINUTE)
  clock.jump(-YEAR)
  await world.tell('tok_0000000000000002')
  await world.pass(MINUTE)
  expect(await world.deliveries()).toHaveLength(2)
  clock.jump(9 * DAY)
  await world.tell('tok_0000000000000003')
  await world.pass(MINUTE)
  const left = (await world.deliveries()).map(({ event }) => event.subject)
  expect(left.toSorted()).toEqual(['tok_0000000000000001', 'tok_0000000000000003'])
  await world.ledger.close()
})
