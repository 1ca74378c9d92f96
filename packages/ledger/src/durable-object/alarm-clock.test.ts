import { expect, test } from 'vitest'
import { AlarmClock } from './alarm-clock.ts'

const NOW = 1_000_000
const SECOND = 1_000

function clockWithLog(): { clock: AlarmClock; log: number[] } {
  const log: number[] = []
  const clock = new AlarmClock({ setAlarm: async (at) => void log.push(at) })
  return { clock, log }
}

test('wakeBy() only ever moves an alarm forward', () => {
  const { clock, log } = clockWithLog()
  for (const at of [NOW + 9, null, NOW + 10, NOW + 5, NOW + 7]) clock.wakeBy(at, NOW)
  expect(log).toEqual([NOW + 9, NOW + 5])
})

test('wakeBy() sets an alarm again once it has gone off', () => {
  const { clock, log } = clockWithLog()
  clock.wakeBy(NOW, NOW)
  clock.wentOff()
  clock.wakeBy(NOW + 1, NOW)
  expect(log).toEqual([NOW, NOW + 1])
})

// The platform has lost the alarm of an object that stays in memory.
test('wakeBy() sets an alarm again that is a minute late', () => {
  const { clock, log } = clockWithLog()
  clock.wakeBy(NOW, NOW)
  clock.wakeBy(NOW, NOW + 60 * SECOND)
  expect(log).toEqual([NOW])
  clock.wakeBy(NOW, NOW + 61 * SECOND)
  expect(log).toEqual([NOW, NOW])
})

test('rest() leaves a pause, though work is still due', () => {
  const { clock, log } = clockWithLog()
  clock.rest(NOW, NOW - 5, false)
  clock.rest(NOW, NOW + 500, false)
  clock.rest(NOW, null, false)
  expect(log).toEqual([NOW + 100, NOW + 500])
})

test('rest() waits longer after every failed turn, up to a minute', () => {
  const { clock, log } = clockWithLog()
  for (let turn = 0; turn < 8; turn += 1) clock.rest(NOW, NOW, true)
  clock.rest(NOW, NOW, false)
  clock.rest(NOW, NOW, true)
  const waits = log.map((at) => (at - NOW) / SECOND)
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 0.1, 1])
})
