import { describe, expect, test } from 'vitest'
import { impatientClock } from '../testing/calls.ts'
import { createLanes, type Release } from './lanes.ts'

const HOLD_MS = 60_000
const lane = (limit: number, waitMs = 60_000) => ({ key: 'con_1', limit, waitMs })

/** Lets everything go on that is only waiting for promises. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve()
}

function leave(release: Release | null): void {
  if (release === null) throw new Error('Cannot leave: no place was given')
  release()
}

describe('createLanes()', () => {
  test('lets so many in at once, and the others in the order in which they came', async () => {
    const lanes = createLanes(impatientClock(), HOLD_MS)
    const entered: number[] = []
    const releases: Release[] = []
    const enter = async (caller: number) => {
      const release = await lanes.enter(lane(2))
      if (release === null) return
      entered.push(caller)
      releases.push(release)
    }
    const all = [0, 1, 2, 3, 4].map(enter)
    await settle()
    expect(entered).toEqual([0, 1])
    releases.shift()?.()
    await settle()
    expect(entered).toEqual([0, 1, 2])
    while (releases.length > 0) {
      releases.shift()?.()
      await settle()
    }
    expect(entered).toEqual([0, 1, 2, 3, 4])
    await Promise.all(all)
  })

  test('gives no place where none came free in time, and the place to the next', async () => {
    const lanes = createLanes(impatientClock(), HOLD_MS)
    const held = await lanes.enter(lane(1))
    expect(await lanes.enter(lane(1, 5))).toBeNull()
    const next = lanes.enter(lane(1))
    leave(held)
    leave(await next)
    leave(await lanes.enter(lane(1)))
  })

  test('counts a place once, however often it is given back', async () => {
    const lanes = createLanes(impatientClock(), HOLD_MS)
    const first = await lanes.enter(lane(1))
    leave(first)
    const second = await lanes.enter(lane(1))
    leave(first)
    expect(await lanes.enter(lane(1, 5))).toBeNull()
    leave(second)
  })

  test('keeps lanes apart', async () => {
    const lanes = createLanes(impatientClock(), HOLD_MS)
    await lanes.enter(lane(1))
    expect(await lanes.enter({ ...lane(1, 5), key: 'con_2' })).not.toBeNull()
  })

  test('takes the limit of who asks, for it may have changed', async () => {
    const lanes = createLanes(impatientClock(), HOLD_MS)
    await lanes.enter(lane(1))
    expect(await lanes.enter(lane(2, 5))).not.toBeNull()
    expect(await lanes.enter(lane(2, 5))).toBeNull()
  })

  // A Worker's request that is cut off never gives its place back.
  test('takes a place back that was held longer than any call lasts', async () => {
    const clock = impatientClock()
    const lanes = createLanes(clock, HOLD_MS)
    const lost = await lanes.enter(lane(1))
    const waiting = lanes.enter(lane(1))
    await clock.sleep(HOLD_MS)
    const later = lanes.enter(lane(1))
    const second = await waiting
    leave(lost)
    expect(await Promise.race([later, settle().then(() => 'still waiting')])).toBe('still waiting')
    leave(second)
    leave(await later)
  })
})
