import { Fault, type NumberState } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyNamed } from '../support/model-world.ts'
import { type SweepWorld, sweepWorld } from './sweep-world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Many sweeps before anything is forgotten. */
const SWEEP_SECONDS = 3_600

let world: SweepWorld
beforeEach(async () => {
  world = await sweepWorld({ sweepSeconds: SWEEP_SECONDS })
})
afterEach(() => world.close())

/** A number with a key, which is the last thing that the log and the upstream know of. */
async function published(config: Readonly<Record<string, string | number>> = {}): Promise<string> {
  const id = await world.add(await world.connect(config), '1')
  await world.publish(id, 'first')
  await world.publish(id, 'ours')
  world.calls.length = 0
  return id
}

const lose = () => world.model.keys.delete('1')
const seize = () => world.model.keys.set('1', keyNamed('foreign'))
const held = () => world.model.keys.get('1')?.fingerprint
const writes = () => world.calls.filter((call) => call.writes).length
const countOf = async (id: string, type: string) =>
  (await world.told(id)).filter((each) => each === type).length

describe('a key that was lost', () => {
  test('is published again by the next sweep', async () => {
    const id = await published()
    lose()
    await world.pass(HOUR)
    expect(held()).toBe('sha256:ours')
    expect((await world.told(id)).slice(-6)).toEqual([
      'key.observed',
      'key.mismatch',
      'key.publish_requested',
      'key.published',
      'key.repaired',
      'key.observed',
    ])
    const { items } = await world.ledger.events({ type: 'key.repaired', limit: 2 })
    expect(items).toMatchObject([
      {
        actor: { kind: 'schedule', id: 'sweep' },
        data: { cause: 'sweep', loss: 'unset', fingerprint: 'sha256:ours' },
      },
    ])
  })

  test('is published again no more than thrice in 24 hours, which is told once', async () => {
    const id = await published()
    for (let hour = 0; hour < 23; hour += 1) {
      lose()
      await world.pass(HOUR)
    }
    expect([writes(), await countOf(id, 'key.repaired')]).toEqual([3, 3])
    expect(await countOf(id, 'key.repair_exhausted')).toBe(1)
    for (let hour = 0; hour < 24; hour += 1) {
      lose()
      await world.pass(HOUR)
    }
    expect(writes()).toBe(6)
    expect(await countOf(id, 'key.repair_exhausted')).toBe(2)
  })

  test('is only told of where its connection says so', async () => {
    const id = await published({ repair: 'alert' })
    lose()
    await world.pass(5 * HOUR)
    expect([writes(), held(), await countOf(id, 'key.mismatch')]).toEqual([0, undefined, 1])
  })

  test('that the ring has no more is not sent, and the number is read on', async () => {
    const id = await published()
    await world.ledger.mutate<NumberState, null>({ kind: 'number', id }, (state) => {
      if (state === null || state.desired === null) throw new Error('There is no key')
      const desired = { ...state.desired, keyId: 'key_00000000000000000000000000' }
      return { result: null, next: { ...state, desired }, labels: {} }
    })
    lose()
    await world.pass(3 * HOUR)
    expect([writes(), held()]).toEqual([0, undefined])
    expect(await countOf(id, 'key.publish_failed')).toBe(3)
    expect(world.calls).toHaveLength(3)
  })

  test('is nobody’s business where nothing was ever published', async () => {
    await world.add(await world.connect({ repair: 'enforce' }), '1')
    seize()
    await world.pass(HOUR)
    lose()
    await world.pass(HOUR)
    expect([writes(), held()]).toEqual([0, undefined])
  })

  test('is sent again by one sweep after another where what came of it is not known', async () => {
    const id = await published()
    lose()
    world.model.weather = { ...world.model.weather, lostWrites: 1 }
    await world.pass(HOUR)
    expect(held()).toBeUndefined()
    world.model.weather = { ...world.model.weather, lostWrites: 0 }
    await world.pass(2 * HOUR)
    expect(held()).toBe('sha256:ours')
    expect([await countOf(id, 'key.repaired'), (await world.number(id)).doubt]).toEqual([1, null])
  })
})

describe('another key in its place', () => {
  test('is left where it is, and told of', async () => {
    const id = await published()
    seize()
    await world.pass(5 * HOUR)
    expect([writes(), held(), await countOf(id, 'key.mismatch')]).toEqual([0, 'sha256:foreign', 1])
  })

  test('is replaced where the connection says so', async () => {
    const id = await published({ repair: 'enforce', repairsPerDay: 1 })
    seize()
    await world.pass(HOUR)
    expect([writes(), held()]).toEqual([1, 'sha256:ours'])
    seize()
    await world.pass(HOUR)
    expect([writes(), held()]).toEqual([1, 'sha256:foreign'])
    expect(await countOf(id, 'key.repair_exhausted')).toBe(1)
  })

  // A write of ours that the upstream held back for hours is no reason to leave its key where it is.
  test('is replaced where it is a former one of ours', async () => {
    await published()
    world.model.keys.set('1', keyNamed('first'))
    await world.pass(HOUR)
    expect([writes(), held()]).toEqual([1, 'sha256:ours'])
  })
})

describe('an upstream', () => {
  test('that is down is tried ever more seldom, and all is made up for when it is back', async () => {
    const connectionId = await world.connect()
    const ids: string[] = []
    for (let index = 0; index < 200; index += 1) {
      ids.push(await world.add(connectionId, String(index)))
    }
    world.trouble.strike = () => new Fault('upstream_unavailable', 'Down')
    await world.pass(6 * HOUR)
    // Each would be read six times; a pause is at most 15 minutes long.
    expect(world.calls.length).toBeLessThan(50)
    world.trouble.strike = () => null
    world.calls.length = 0
    await world.pass(2 * HOUR)
    expect(new Set(world.calls.map(({ upstreamId }) => upstreamId)).size).toBe(200)
    expect((await world.number(ids[0] ?? '')).observed).not.toBeNull()
  })

  test('that limits calls is left alone for as long as it says', async () => {
    const connectionId = await world.connect()
    for (let index = 0; index < 50; index += 1) await world.add(connectionId, String(index))
    const retryAfterMs = 2 * HOUR
    world.trouble.strike = () => new Fault('upstream_rate_limited', 'Enough', { retryAfterMs })
    await world.pass(HOUR)
    expect(world.calls).toHaveLength(1)
  })

  test('that limits calls does not use up the repairs that it refused', async () => {
    const id = await published()
    lose()
    let refusals = 0
    world.trouble.strike = (call) => {
      if (!call.writes || refusals === 5) return null
      refusals += 1
      return new Fault('upstream_rate_limited', 'Enough')
    }
    await world.pass(8 * HOUR)
    expect([refusals, held()]).toEqual([5, 'sha256:ours'])
    expect((await world.number(id)).repairs?.at).toHaveLength(1)
  })
})
