import {
  DAY,
  type KeyMaker,
  MINUTE,
  type NewKeyPair,
  type RingKeyState,
  SECOND,
} from '@latchkey/core'
import { ensurePool, POOL_SIZE, provideRingKey } from '@latchkey/core/keyring'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const

/** Makes pairs of which only the names are real. */
class NamedPairs implements KeyMaker {
  readonly made: NewKeyPair[] = []

  async generate(): Promise<NewKeyPair> {
    const name = `pair-${this.made.length + 1}`
    const pair = {
      publicKey: { pem: `PEM ${name}`, fingerprint: `sha256:${name}` },
      privateKey: `PRIVATE ${name}`,
    } as const
    this.made.push(pair)
    return pair
  }
}

let world: RingWorld
let pairs: NamedPairs
beforeEach(async () => {
  pairs = new NamedPairs()
  world = await ringWorld({ seed: 1, weather: CALM, readable: true, keyMaker: pairs })
})
afterEach(() => world.close())

const settle = <T>(work: Promise<T>) => world.clock.until(work)
const idAt = (index: number) => `key_${String(index).padStart(16, '0')}`
const provide = (index: number, services = world.services) =>
  provideRingKey(services, ACTOR, { id: idAt(index), label: null })
const spares = async () => {
  const { items } = await world.services.ledger.list({ kind: 'spare', limit: 200 })
  return items.length
}

/** Every key has the private half of its own fingerprint, and no two have the same. */
function expectOwnPairs(keys: readonly RingKeyState[]): void {
  expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(keys.length)
  for (const { fingerprint, pem, privateKey } of keys) {
    expect(pairs.made).toContainEqual({ publicKey: { pem, fingerprint }, privateKey })
  }
}

describe('pairs made ahead', () => {
  test('are made once something is taken, until there are enough', async () => {
    expectOwnPairs([await settle(provide(1))])
    expect(await settle(spares())).toBe(0)
    await world.pass(30 * SECOND)
    // What the key was taken for goes first.
    expect(await settle(spares())).toBe(0)
    await world.pass(MINUTE)
    expect(await settle(spares())).toBe(POOL_SIZE)
    await world.pass(MINUTE)
    expect(pairs.made).toHaveLength(1 + POOL_SIZE)
  })

  test('are given out before any is made, each to one alone', async () => {
    await settle(ensurePool(world.services, 40))
    await world.pass(MINUTE)
    expect(pairs.made).toHaveLength(40)
    const keys = await settle(Promise.all(Array.from({ length: 40 }, (_, index) => provide(index))))
    expect(pairs.made).toHaveLength(40)
    expectOwnPairs(keys)
  })

  test('are joined by new ones where they do not reach', async () => {
    await settle(ensurePool(world.services, 1))
    await world.pass(MINUTE)
    const wanted = POOL_SIZE + 5
    const keys = await settle(
      Promise.all(Array.from({ length: wanted }, (_, index) => provide(index))),
    )
    expectOwnPairs(keys)
  })

  test('are only lost where somebody dies before the key is stored', async () => {
    await settle(ensurePool(world.services, POOL_SIZE))
    await world.pass(MINUTE)
    for (let calls = 1; calls <= 6; calls += 1) void provide(calls, mortal(world.services, calls))
    await world.pass(10 * SECOND)
    const keys = await settle(Promise.all([1, 2, 3, 4, 5, 6].map((index) => provide(index))))
    expectOwnPairs(keys)
    // Asked again, it is the same.
    expect(await settle(provide(1))).toEqual(keys[0])
  })

  test('are destroyed when a rotation that they were made for does not come', async () => {
    await settle(ensurePool(world.services, 60))
    await world.pass(MINUTE)
    expect(await settle(spares())).toBe(60)
    await world.pass(2 * DAY)
    expect(await settle(spares())).toBe(POOL_SIZE)
    const { items } = await world.services.ledger.events({ limit: 200 })
    expect(items.filter(({ subject }) => /^(?:key|spr|pol)_/.test(subject))).toEqual([])
  })

  test('are made anew when they are old', async () => {
    await settle(ensurePool(world.services, POOL_SIZE))
    await world.pass(MINUTE)
    await world.pass(31 * DAY)
    expect(await settle(spares())).toBe(POOL_SIZE)
    expect(pairs.made).toHaveLength(2 * POOL_SIZE)
  })

  test('that do not open any more are thrown away', async () => {
    await settle(ensurePool(world.services, POOL_SIZE))
    await world.pass(MINUTE)
    const { sealer } = world.services
    const open = (sealed: string, place: string) =>
      place.startsWith('spare/') ? Promise.reject(new Error('lost')) : sealer.open(sealed, place)
    const key = await settle(provide(1, { ...world.services, sealer: { ...sealer, open } }))
    expectOwnPairs([key])
    expect(pairs.made).toHaveLength(POOL_SIZE + 1)
  })
})
