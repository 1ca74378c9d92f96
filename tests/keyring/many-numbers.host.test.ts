import {
  createNumber,
  DAY,
  holdLabel,
  HOUR,
  MINUTE,
  publishKey,
  type RingKeyState,
} from '@latchkey/core'
import { careForKey, deleteKey, type UsageQuery, usageOf } from '@latchkey/core/keyring'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed } from '../support/model-world.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const EVERYTHING: UsageQuery = { visible: null, askedThemselves: Infinity, limit: 1_000 }

let world: RingWorld
let key: RingKeyState
let numberIds: readonly string[]
beforeEach(async () => {
  world = await ringWorld({ seed: 1, weather: CALM, readable: true })
  await settle(world.add('a'))
  await settle(world.add('b'))
})
afterEach(() => world.close())

const settle = <T>(work: Promise<T>) => world.clock.until(work)

/** So many numbers, all with key `a`. */
async function share(count: number): Promise<void> {
  const { connectionId } = await world.number()
  const ids = [world.numberId]
  for (let index = 2; index <= count; index += 1) {
    const draft = { connectionId, upstreamId: String(index), label: null }
    const made = await settle(createNumber(world.services, { actor: ACTOR }, draft))
    ids.push(made.id)
  }
  numberIds = ids
  await publishAll('a')
  const [first] = await world.keys()
  if (first === undefined) throw new Error('Cannot find the key')
  key = first
}

async function publishAll(name: string): Promise<void> {
  const publicKey = keyNamed(name)
  const publish = (numberId: string) =>
    publishKey(world.services, ACTOR, { numberId, publicKey, verify: true })
  await settle(Promise.all(numberIds.map(publish)))
}

const usage = (query: Partial<UsageQuery> = {}) =>
  settle(usageOf(world.services, key, { ...EVERYTHING, ...query }))

test('usageOf() names as many numbers as were asked for, and says whether there are more', async () => {
  await share(5)
  const all = await usage()
  expect(all.numbers.toSorted()).toEqual([...numberIds].toSorted())
  expect(all).toMatchObject({ state: 'active', hasMoreNumbers: false })
  expect(await usage({ limit: 5 })).toMatchObject({ hasMoreNumbers: false })
  const some = await usage({ limit: 2 })
  expect(some).toMatchObject({ state: 'active', hasMoreNumbers: true })
  expect(some.numbers).toHaveLength(2)
  expect(await usage({ askedThemselves: 0 })).toEqual(all)
})

test('usageOf() tells the use nearest to an upstream, though it be of a number that is not named', async () => {
  await share(5)
  // Neither the first nor the last, by id.
  const [, kept] = [...numberIds].toSorted()
  numberIds = numberIds.filter((id) => id !== kept)
  await publishAll('b')
  expect(await usage()).toMatchObject({ state: 'active' })
  expect((await usage()).numbers).toHaveLength(5)
  expect(await usage({ limit: 1 })).toMatchObject({ state: 'active', hasMoreNumbers: true })
})

test('usageOf() tells nothing of what lies outside of what may be seen', async () => {
  await share(2)
  const seen = await usage({ visible: ['con_0000000000000000'] })
  expect(seen).toEqual({ state: 'staged', numbers: [], hasMoreNumbers: false })
})

test('a key of many numbers is destroyed when each of them was looked at, over several turns', async () => {
  await share(70)
  await publishAll('b')
  await world.pass(DAY + HOUR)
  expect((await world.keys())[0]?.retiredAt).not.toBeNull()
  world.clock.jump(31 * DAY)
  const began = await settle(careForKey(world.services, key.id))
  // Not done at once: requests, and other tasks, get their turn.
  expect(began).not.toBeNull()
  await world.pass(10 * MINUTE)
  expect((await world.keys())[0]).toMatchObject({ privateKey: null })
  const left = { kind: 'number', where: { [holdLabel(key.fingerprint)]: 'released' } } as const
  const { items } = await settle(world.services.ledger.list({ ...left, limit: 1 }))
  expect(items).toEqual([])
})

test('a key of many numbers is deleted only when the last of them has let go of it', async () => {
  await share(3)
  const [last = '', ...others] = numberIds
  numberIds = others
  await publishAll('b')
  await world.pass(DAY + HOUR)
  const remove = () => settle(deleteKey(world.services, { actor: ACTOR }, key.id))
  await expect(remove()).rejects.toMatchObject({ code: 'conflict' })
  numberIds = [last]
  await publishAll('b')
  await expect(remove()).rejects.toMatchObject({ code: 'conflict' })
  await world.pass(DAY + HOUR)
  await remove()
  expect(await world.keys()).toHaveLength(1)
})
