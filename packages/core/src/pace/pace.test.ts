import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'
import { NOW } from '../testing/sample-number.ts'
import { createGate } from './gate.ts'
import { createPace } from './pace.ts'

describe('createPace()', () => {
  test.each([
    [0, 16],
    [75, 16],
    [80, 12],
    [90, 6],
    [99, 1],
    [100, 1],
  ])('at %i percent of what the upstream allows makes %i of 16 calls at once', (used, slots) => {
    const pace = createPace()
    pace.noteAnswer('con_1', { usedPercent: used, regainAccessMs: null }, NOW)
    expect(pace.slots('con_1', 16, NOW)).toBe(slots)
    expect(pace.slots('con_2', 16, NOW)).toBe(16)
  })

  test('forgets what was said of the limits after a minute, and when the clock went back', () => {
    const pace = createPace()
    pace.noteAnswer('con_1', { usedPercent: 100, regainAccessMs: null }, NOW)
    expect(pace.slots('con_1', 16, NOW + MINUTE + 1)).toBe(16)
    expect(pace.slots('con_1', 16, NOW - HOUR)).toBe(16)
  })

  test('leaves an upstream alone for as long as it says', () => {
    const pace = createPace()
    pace.noteRefusal('con_1', 5 * MINUTE, NOW)
    expect(pace.pausedUntil('con_1', NOW)).toBe(NOW + 5 * MINUTE)
    expect(pace.pausedUntil('con_1', NOW + 5 * MINUTE)).toBeNull()
    expect(pace.pausedUntil('con_2', NOW)).toBeNull()
    pace.noteRefusal('con_1', 400 * DAY, NOW)
    expect(pace.pausedUntil('con_1', NOW)).toBe(NOW + DAY)
  })

  test('leaves it alone where it says that nothing is left, and when there will be', () => {
    const pace = createPace()
    pace.noteAnswer('con_1', { usedPercent: 100, regainAccessMs: 3 * MINUTE }, NOW)
    expect(pace.pausedUntil('con_1', NOW)).toBe(NOW + 3 * MINUTE)
  })

  test('waits ever longer where it does not say how long, until an answer comes', () => {
    const pace = createPace()
    const refused = () => {
      pace.noteRefusal('con_1', null, NOW)
      return (pace.pausedUntil('con_1', NOW) ?? NOW) - NOW
    }
    expect([refused(), refused(), refused()]).toEqual([15 * SECOND, 30 * SECOND, MINUTE])
    pace.noteAnswer('con_1', null, NOW)
    expect(refused()).toBe(15 * SECOND)
  })

  test('does not wait for as long as the clock went back', () => {
    const pace = createPace()
    pace.noteRefusal('con_1', MINUTE, NOW)
    expect(pace.pausedUntil('con_1', NOW - DAY)).toBeNull()
  })
})

describe('createGate()', () => {
  test('lets as many through as there are places, in the order in which they came', async () => {
    const gate = createGate()
    const through: number[] = []
    const leave = await Promise.all([1, 2].map(() => gate.enter('a', () => 2)))
    const later = [3, 4].map(async (n) => {
      const release = await gate.enter('a', () => 2)
      through.push(n)
      return release
    })
    await gate.enter('b', () => 1)
    expect(through).toEqual([])
    leave[0]?.()
    leave[0]?.()
    await later[0]
    expect(through).toEqual([3])
    leave[1]?.()
    await later[1]
    expect(through).toEqual([3, 4])
  })

  test('asks for the limit whenever a place comes free', async () => {
    const gate = createGate()
    let limit = 2
    const first = await gate.enter('a', () => limit)
    const second = await gate.enter('a', () => limit)
    let isThrough = false
    const third = gate.enter('a', () => limit).then(() => (isThrough = true))
    limit = 1
    first()
    await Promise.resolve()
    expect(isThrough).toBe(false)
    second()
    await third
    expect(isThrough).toBe(true)
  })
})
