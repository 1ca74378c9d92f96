import { MINUTE, runDueTasks, SECOND, taskHandlers } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'
import { rotationWorld } from './rotation-world.ts'

const OUTCOME_MS = 15 * MINUTE
/** More than a turn of a rotation makes. */
const CALLS_MAX = 30

describe('a rotation that is tried again', () => {
  // Its writes and their outcomes were lost for so long that Latchkey has stopped looking.
  test('publishes to a number of which it never became known what came of it', async () => {
    const world = await rotationWorld(1)
    world.upstream.weather = { ...CALM, lostWrites: 1 }
    const id = await world.start()
    await world.pass(300 * MINUTE)
    expect(await world.rotation(id)).toMatchObject({ status: 'failed' })
    expect(await world.number()).toMatchObject({ doubt: null, desired: { acceptedAt: null } })
    world.upstream.weather = CALM
    await world.clock.until(world.retry(id))
    await world.pass(OUTCOME_MS)
    expect(await world.rotation(id)).toMatchObject({ status: 'succeeded' })
    await world.ledger.close()
  })

  test('looks for a key that the upstream took and did not show in time', async () => {
    const world = await rotationWorld(1)
    world.upstream.weather = { ...CALM, failedReads: 1 }
    const id = await world.start()
    await world.pass(6 * MINUTE)
    expect(await world.rotation(id)).toMatchObject({ status: 'failed' })
    world.upstream.weather = CALM
    await world.clock.until(world.retry(id))
    await world.pass(10 * SECOND)
    expect(await world.rotation(id)).toMatchObject({ status: 'succeeded' })
    await world.ledger.close()
  })
})

// The program is down for longer than a key may stay unseen, right after its upstream took it.
test('a number whose process dies before it could read the key back has not failed', async () => {
  for (let calls = 1; calls <= CALLS_MAX; calls += 1) {
    const world = await rotationWorld(1)
    const id = await world.start()
    world.upstream.weather = { ...CALM, failedReads: 1 }
    const doomed = mortal(world.services, calls)
    runDueTasks(doomed, world.ledger, taskHandlers, { limit: 10 }).catch(() => undefined)
    await world.clock.advance(30 * MINUTE)
    world.upstream.weather = CALM
    await world.pass(10 * MINUTE)
    expect(await world.rotation(id), `after ${calls} calls`).toMatchObject({ status: 'succeeded' })
    await world.ledger.close()
  }
})
