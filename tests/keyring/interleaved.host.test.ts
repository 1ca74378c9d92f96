import { codeOf, DAY, HOUR, MINUTE, publishKey } from '@latchkey/core'
import {
  careForKey,
  deleteKey,
  givenKey,
  provideRingKey,
  retireKeys,
  storeKey,
} from '@latchkey/core/keyring'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { held, type Stop } from './held.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'

/** When a publisher of a PEM has found that the ring has it, and not yet noted at the key that it is about to use it. */
const BEFORE_USE: Stop = { ask: 'read', kind: 'key', nth: 1 }
/** When a publisher has noted at the key that it is about to use it, and not yet at the number. */
const BEFORE_INTENT: Stop = { ask: 'mutate', kind: 'number', nth: 1 }
/** When it has noted it at the number, and not yet looked whether the key is still open. */
const BEFORE_CALL: Stop = { ask: 'read', kind: 'key', nth: 2 }
/** When somebody who deletes has seen whether a number uses the key. */
const AFTER_LOOK: Stop = { ask: 'mutate', kind: 'key', nth: 2 }

/** When the key is closed, and nothing more is in the way of its private half being destroyed. */
const BEFORE_DESTRUCTION: Stop = { ask: 'mutate', kind: 'key', nth: 3 }

const ACTOR = { kind: 'system', id: 'test' } as const

let world: RingWorld
beforeEach(async () => {
  world = await ringWorld({ seed: 1, weather: CALM, readable: true })
  expect(await world.clock.until(world.add('a'))).toBe('done')
})
afterEach(() => world.close())

const settle = <T>(work: Promise<T>) => world.clock.until(work)

/** Has the number publish the key, then another, and lets the overlap end. */
async function retire(): Promise<void> {
  expect(await settle(world.publishById('a'))).toBe('done')
  expect(await settle(world.add('b'))).toBe('done')
  expect(await settle(world.publishById('b'))).toBe('done')
  await world.pass(DAY + HOUR)
  const [key] = await world.keys()
  expect(key?.retiredAt).not.toBeNull()
}

/** Starts to delete the key, and dies when it has looked who uses it. */
async function dieOfDeletion(): Promise<void> {
  const dying = held(world.services, [AFTER_LOOK])
  void world.remove('a', dying.services)
  await settle(Promise.resolve(dying.arrived(0)))
}

test('a publish that began before a deletion finds the key gone, and sends nothing', async () => {
  const publisher = held(world.services, [BEFORE_INTENT])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  expect(await settle(world.remove('a'))).toBe('done')
  publisher.letGo(0)
  expect(await settle(published)).toBe('not_found')
  expect(world.upstream.writes).toEqual([])
  expect(await world.number()).toMatchObject({ queued: null, writing: null, desired: null })
})

// Whoever sent the PEM has it from the ring, as the private half never left.
test('a publish of the PEM of a key made here that is deleted before it is used sends nothing', async () => {
  const { pem, fingerprint } = await settle(
    provideRingKey(world.services, ACTOR, { id: 'key_made', label: null }),
  )
  const publicKey = { pem, fingerprint, repairs: [] }
  const publisher = held(world.services, [BEFORE_USE])
  const request = { numberId: world.numberId, publicKey, verify: true }
  const published = publishKey(publisher.services, ACTOR, request).catch(codeOf)
  await settle(Promise.resolve(publisher.arrived(0)))
  await settle(deleteKey(world.services, { actor: ACTOR }, 'key_made'))
  publisher.letGo(0)
  expect(await settle(published)).toBe('conflict')
  expect(await settle(publishKey(world.services, ACTOR, request).catch(codeOf))).toBe('conflict')
  expect(world.upstream.writes).toEqual([])
})

test('a key made here and deleted is like any other again when somebody brings its private half', async () => {
  const { pem, fingerprint } = await settle(
    provideRingKey(world.services, ACTOR, { id: 'key_made', label: null }),
  )
  await settle(deleteKey(world.services, { actor: ACTOR }, 'key_made'))
  const draft = { publicKey: { pem, fingerprint }, label: null, sharedWith: [] }
  const bring = (privateKey: string | null) =>
    givenKey(world.services, { ...draft, privateKey }, () => true)
  expect(await settle(bring(null).catch(codeOf))).toBe('conflict')
  const brought = await settle(bring('PRIVATE'))
  await settle(storeKey(world.services, { actor: ACTOR }, brought, () => true))
  await settle(deleteKey(world.services, { actor: ACTOR }, brought.id))
  expect(await settle(bring(null))).toMatchObject({ custody: 'external' })
})

test('a publish of the PEM of a key that was handed in, and is deleted before it is used, sends it', async () => {
  const publisher = held(world.services, [BEFORE_USE])
  const published = world.publish('a', { by: publisher.services })
  await settle(Promise.resolve(publisher.arrived(0)))
  expect(await settle(world.remove('a'))).toBe('done')
  publisher.letGo(0)
  expect(await settle(published)).toBe('done')
})

test('a deletion that began before a publish finds its number, and takes itself back', async () => {
  const publisher = held(world.services, [BEFORE_CALL])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  expect(await settle(world.remove('a'))).toBe('conflict')
  publisher.letGo(0)
  expect(await settle(published)).toBe('done')
  expect(world.violations).toEqual([])
})

// Of two who delete, one saw nothing, and the other something and opened the key again.
test('a deletion that somebody else has taken over and given up deletes nothing', async () => {
  const publisher = held(world.services, [BEFORE_INTENT, BEFORE_CALL])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  const slow = held(world.services, [AFTER_LOOK])
  const removed = world.remove('a', slow.services)
  await settle(Promise.resolve(slow.arrived(0)))
  publisher.letGo(0)
  await settle(Promise.resolve(publisher.arrived(1)))
  expect(await settle(world.remove('a'))).toBe('conflict')
  publisher.letGo(1)
  expect(await settle(published)).toBe('done')
  slow.letGo(0)
  expect(await settle(removed)).toBe('conflict')
  expect(world.violations).toEqual([])
  expect(await world.keys()).toMatchObject([{ closing: null }])
})

// The key is open, but it does not know of the number, so that nobody who deletes it would look there.
test('a publish of a key that was deleted and brought again meanwhile sends nothing', async () => {
  const publisher = held(world.services, [BEFORE_INTENT])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  expect(await settle(world.remove('a'))).toBe('done')
  expect(await settle(world.add('a'))).toBe('done')
  publisher.letGo(0)
  expect(await settle(published)).toBe('conflict')
  expect(world.upstream.writes).toEqual([])
  expect(await settle(world.publishById('a'))).toBe('done')
})

test('a publish that began before a destruction finds the private half gone, and sends nothing', async () => {
  await retire()
  const [key] = await world.keys()
  const publisher = held(world.services, [BEFORE_INTENT])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  world.clock.jump(31 * DAY)
  expect(await settle(careForKey(world.services, key?.id ?? ''))).toBeNull()
  expect(await world.keys()).toMatchObject([{ privateKey: null, closing: null }, {}])
  publisher.letGo(0)
  expect(await settle(published)).toBe('conflict')
  expect(world.violations).toEqual([])
})

test('a destruction that finds a number about to publish takes itself back', async () => {
  await retire()
  const [key] = await world.keys()
  world.clock.jump(31 * DAY)
  const publisher = held(world.services, [BEFORE_CALL])
  const published = world.publishById('a', publisher.services)
  await settle(Promise.resolve(publisher.arrived(0)))
  expect(await settle(careForKey(world.services, key?.id ?? ''))).not.toBeNull()
  publisher.letGo(0)
  expect(await settle(published)).toBe('done')
  expect(await world.keys()).toMatchObject([{ privateKey: 'PRIVATE a', retiredAt: null }, {}])
})

// A key of nobody, closed for ever, could not be published again.
test('whoever dies of a destruction leaves the key as it was, and it is destroyed later', async () => {
  await retire()
  const [key] = await world.keys()
  world.clock.jump(31 * DAY)
  const dying = held(world.services, [BEFORE_DESTRUCTION])
  void careForKey(dying.services, key?.id ?? '')
  await settle(Promise.resolve(dying.arrived(0)))
  await world.pass(2 * HOUR)
  expect(await world.keys()).toMatchObject([{ privateKey: null, closing: null }, {}])
})

test('whoever dies of letting go of a key leaves it to be let go of', async () => {
  expect(await settle(world.publishById('a'))).toBe('done')
  expect(await settle(world.add('b'))).toBe('done')
  expect(await settle(world.publishById('b'))).toBe('done')
  world.clock.jump(DAY)
  const dying = held(world.services, [BEFORE_INTENT])
  void retireKeys(dying.services, world.numberId)
  await settle(Promise.resolve(dying.arrived(0)))
  await world.pass(3 * HOUR)
  const { retiring } = await world.number()
  expect(retiring).toEqual([])
  const [first] = await world.keys()
  expect(first?.retiredAt).not.toBeNull()
})

test('what somebody died of deleting is deleted, and nothing begins to use it meanwhile', async () => {
  await dieOfDeletion()
  expect(await settle(world.publishById('a'))).toBe('conflict')
  await world.pass(5 * MINUTE)
  expect(await world.keys()).toEqual([])
  expect(world.upstream.writes).toEqual([])
})

test('what somebody died of deleting, and is in use, is open again', async () => {
  expect(await settle(world.publishById('a'))).toBe('done')
  await dieOfDeletion()
  await world.pass(5 * MINUTE)
  expect(await world.keys()).toMatchObject([{ closing: null }])
  expect(await settle(world.publishById('a'))).toBe('done')
})
