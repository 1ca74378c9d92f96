import { DAY, deleteNumber, HOUR, isFault } from '@latchkey/core'
import { retireKeys } from '@latchkey/core/keyring'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed } from '../support/model-world.ts'
import { held } from './held.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const BEFORE_COMMIT = { ask: 'mutate', kind: 'number', nth: 1 } as const

let world: RingWorld
beforeEach(async () => {
  world = await ringWorld({ seed: 1, weather: CALM, readable: true })
  for (const name of ['a', 'b']) expect(await settle(world.add(name))).toBe('done')
})
afterEach(() => world.close())

const settle = <T>(work: Promise<T>) => world.clock.until(work)

/** Somebody puts a key there behind our back, and it is seen. */
async function appear(name: string): Promise<void> {
  world.upstream.keys.set('1', keyNamed(name))
  await settle(world.read())
}

async function isRetired(name: string): Promise<boolean> {
  const { fingerprint } = keyNamed(name)
  const key = (await world.keys()).find((each) => each.fingerprint === fingerprint)
  return key !== undefined && key.retiredAt !== null
}

// A key that is not told that its number lets go of it stays `staged`, and its private half for ever.
test('a key that may be let go of only since somebody looked is told of it before', async () => {
  expect(await settle(world.publishById('a'))).toBe('done')
  expect(await settle(world.publishById('b'))).toBe('done')
  world.clock.jump(DAY)
  await appear('a')
  const keeper = held(world.services, [BEFORE_COMMIT])
  const retiring = retireKeys(keeper.services, world.numberId)
  await settle(Promise.resolve(keeper.arrived(0)))
  await appear('b')
  keeper.letGo(0)
  await settle(retiring)
  await world.pass(3 * DAY)
  expect(await isRetired('a')).toBe(true)
})

test('a key that a number got while somebody deleted it is told of it too', async () => {
  expect(await settle(world.publishById('a'))).toBe('done')
  const deleter = held(world.services, [BEFORE_COMMIT])
  const deleting = deleteNumber(deleter.services, { actor: ACTOR }, world.numberId)
  await settle(Promise.resolve(deleter.arrived(0)))
  expect(await settle(world.publishById('b'))).toBe('done')
  deleter.letGo(0)
  await settle(deleting)
  await expect(world.number()).rejects.toSatisfy(isFault)
  await world.pass(HOUR)
  expect([await isRetired('a'), await isRetired('b')]).toEqual([true, true])
})
