import { isFault, MINUTE } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { held } from '../keyring/held.ts'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'
import { rotationWorld } from './rotation-world.ts'

/** More than a request that tries a rotation again makes. */
const CALLS_MAX = 12

/** A rotation whose number was refused, and whose upstream takes it by now. */
async function failedRotation() {
  const world = await rotationWorld(1)
  world.upstream.weather = { ...CALM, refusals: 1 }
  const id = await world.start()
  await world.pass(MINUTE)
  expect(await world.rotation(id)).toMatchObject({ status: 'failed' })
  world.upstream.weather = CALM
  return { ...world, id }
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (isFault(error) ? error.code : 'defect'),
  )

describe('a rotation that is tried again', () => {
  test('can be tried once more, where the request was killed at any moment', async () => {
    for (let calls = 1; calls <= CALLS_MAX; calls += 1) {
      const world = await failedRotation()
      void world.retry(world.id, mortal(world.services, calls))
      await world.pass(20 * MINUTE)
      const { status } = await world.rotation(world.id)
      if (status !== 'succeeded') {
        expect(status, `after ${calls} calls`).toBe('failed')
        await world.retry(world.id)
        await world.pass(MINUTE)
      }
      expect(await world.rotation(world.id)).toMatchObject({ status: 'succeeded' })
      await world.ledger.close()
    }
  })

  // Somebody clicks twice; the second request is slow, and comes when the work of the first has begun.
  test.each([
    ['read', 'rotation'],
    ['read', 'stripe'],
    ['mutate', 'stripe'],
    ['mutate', 'rotation'],
  ] as const)('goes on, though a second request comes in between (%s %s)', async (ask, kind) => {
    const world = await failedRotation()
    const second = held(world.services, [{ ask, kind, nth: 1 }])
    const retrying = codeOf(world.retry(world.id, second.services))
    await second.arrived(0)
    await world.retry(world.id)
    second.letGo(0)
    expect(await world.clock.until(retrying)).toBe('conflict')
    await world.pass(MINUTE)
    expect(await world.rotation(world.id)).toMatchObject({ status: 'succeeded' })
    await world.ledger.close()
  })

  test('goes on, though a second request comes when its work has begun', async () => {
    const world = await failedRotation()
    const second = held(world.services, [{ ask: 'mutate', kind: 'stripe', nth: 1 }])
    const retrying = codeOf(world.retry(world.id, second.services))
    await second.arrived(0)
    world.upstream.weather = { ...CALM, failedReads: 1 }
    await world.retry(world.id)
    await world.pass(2000)
    second.letGo(0)
    expect(await world.clock.until(retrying)).toBe('conflict')
    world.upstream.weather = CALM
    await world.pass(MINUTE)
    expect(await world.rotation(world.id)).toMatchObject({ status: 'succeeded' })
    await world.ledger.close()
  })

  test('has its numbers for itself before it runs again', async () => {
    const world = await failedRotation()
    const retry = held(world.services, [{ ask: 'mutate', kind: 'rotation', nth: 1 }])
    const retrying = codeOf(world.retry(world.id, retry.services))
    await retry.arrived(0)
    const other = await codeOf(world.start())
    retry.letGo(0)
    expect([await world.clock.until(retrying), other].toSorted()).toEqual(['conflict', 'done'])
    await world.ledger.close()
  })
})

// The machine sleeps between taking the numbers and storing the rotation; another one clears up meanwhile.
test('a rotation whose numbers were let go of before it was stored fails, and does not run for ever', async () => {
  const world = await rotationWorld(2)
  const slow = held(world.services, [{ ask: 'mutate', kind: 'rotation', nth: 1 }])
  const starting = world.start('shared', slow.services)
  await slow.arrived(0)
  await world.pass(20 * MINUTE)
  expect(await world.stripes()).toEqual([])
  slow.letGo(0)
  const id = await starting
  await world.pass(MINUTE)
  expect(await world.rotation(id)).toMatchObject({ status: 'failed' })
  await world.ledger.close()
})

test('a rotation that cannot be stored leaves its numbers to the next', async () => {
  const world = await rotationWorld(1)
  expect(await codeOf(world.startTooLate())).toBe('conflict')
  const id = await world.start()
  await world.pass(MINUTE)
  expect(await world.rotation(id)).toMatchObject({ status: 'succeeded' })
  await world.ledger.close()
})
