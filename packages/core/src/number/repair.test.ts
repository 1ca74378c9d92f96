import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { DAY, HOUR, SECOND } from '../instant.ts'
import {
  accepted,
  ACTOR,
  asked,
  ended,
  failed,
  NOW,
  sampleNumber,
  sampleReading,
  started,
} from '../testing/sample-number.ts'
import { observe } from './observe.ts'
import { beginRepair, lossOf, type RepairRequest, uncountRepair } from './repair.ts'
import { settleReading } from './settle.ts'
import type { NumberState } from './state.ts'

type Mode = RepairRequest['policy']['mode']
type Reading = ReturnType<typeof sampleReading>

const publishedOn = (state: NumberState, name: string) =>
  ended(started(state, name), accepted(sampleReading(name))).next
const published = publishedOn(publishedOn(sampleNumber(), 'old'), 'a')
const see = (state: NumberState, reading: Reading, now = NOW) =>
  observe(state, reading, { now, actor: ACTOR }).next
const lost = see(published, sampleReading(null))

const begin = (
  state: NumberState,
  {
    mode = 'automatic',
    perDay = 3,
    now = NOW,
  }: { mode?: Mode; perDay?: number; now?: number } = {},
) => beginRepair(state, { policy: { mode, perDay }, cause: 'sweep', actor: ACTOR, now })

function begun(state: NumberState, now = NOW) {
  const repair = begin(state, { now })
  if (repair.outcome !== 'begun') throw new Error(`Not begun: ${repair.outcome}`)
  return { state: repair.step.next, writing: repair.writing, events: repair.step.events }
}

/** The number repaired, and then lost again. */
function repairedAndLost(state: NumberState, now: number): NumberState {
  const { next } = ended(begun(state, now), accepted(sampleReading('a')), { at: now })
  return see(next, sampleReading(null), now)
}

const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type)

function told(state: NumberState, now: number) {
  const repair = begin(state, { now })
  const events = repair.step === null ? [] : typesOf(repair.step.events)
  return { outcome: repair.outcome, events, next: repair.step?.next ?? state }
}

describe('lossOf()', () => {
  test.each([
    ['the key', sampleReading('a'), null],
    ['the key, of unknown status', sampleReading('a', 'unknown'), null],
    ['a key that is not shown', sampleReading(null, 'valid'), null],
    ['what nobody can tell', sampleReading(null, 'unknown'), null],
    ['nothing', sampleReading(null), 'unset'],
    ['the key with a bad signature', sampleReading('a', 'mismatch'), 'mismatch'],
    ['a former key', sampleReading('old'), 'outdated'],
    ['another key', sampleReading('x'), 'foreign'],
    ['another key with a bad signature', sampleReading('x', 'mismatch'), 'foreign'],
    ['something that is no key', sampleReading(null, 'mismatch'), 'foreign'],
  ] as const)('where the upstream holds %s', (_, reading, loss) => {
    expect(lossOf(see(published, reading))).toBe(loss)
  })

  test('is null where nothing was published, and for what was read before the last write', () => {
    expect(lossOf(see(sampleNumber(), sampleReading(null)))).toBeNull()
    expect(lossOf({ ...lost, epoch: lost.epoch + 1 })).toBeNull()
  })
})

describe('beginRepair()', () => {
  test.each([
    ['automatic', null, undefined, 'begun'],
    ['automatic', 'a', 'mismatch', 'begun'],
    ['automatic', 'old', undefined, 'begun'],
    ['automatic', 'x', undefined, 'alerted'],
    ['automatic', 'a', undefined, 'sound'],
    ['enforce', null, undefined, 'begun'],
    ['enforce', 'x', undefined, 'begun'],
    ['enforce', 'x', 'mismatch', 'begun'],
    ['enforce', 'a', undefined, 'sound'],
    ['alert', null, undefined, 'alerted'],
    ['alert', 'a', 'mismatch', 'alerted'],
    ['alert', 'x', undefined, 'alerted'],
  ] as const)('by "%s", where %s (%s) was found: %s', (mode, name, status, outcome) => {
    expect(begin(see(published, sampleReading(name, status)), { mode }).outcome).toBe(outcome)
  })

  test('leaves a number alone while something else is open', () => {
    const unknown = failed('unknown', new Fault('upstream_timeout', 'Lost', { effect: 'unknown' }))
    const open = [
      asked(lost, 'b'),
      started(lost, 'b').state,
      see(ended(started(lost, 'b'), unknown).next, sampleReading(null)),
    ]
    expect(open.map((state) => begin(state).outcome)).toEqual(['settling', 'settling', 'settling'])
  })

  test('sends the same key of the ring, and says why once the upstream has taken it', () => {
    const held = { ...lost, desired: lost.desired && { ...lost.desired, keyId: 'key_1' } }
    const repair = begun(held)
    expect(repair.writing).toMatchObject({ fingerprint: 'sha256:a', keyId: 'key_1' })
    expect(typesOf(repair.events)).toEqual(['key.publish_requested'])
    const { next, events } = ended(repair, accepted(sampleReading('a')))
    expect(typesOf(events)).toEqual(['key.published', 'key.repaired', 'key.observed'])
    expect(events[1]?.data).toMatchObject({ cause: 'sweep', loss: 'unset', keyId: 'key_1' })
    expect(next.desired).not.toHaveProperty('repair')
    expect(next.retiring ?? []).toEqual([])
  })

  test('is told of also where it becomes known only later that the upstream has taken the key', () => {
    const fault = new Fault('upstream_timeout', 'Lost', { effect: 'unknown' })
    const { next } = ended(begun(lost), failed('unknown', fault))
    const now = NOW + 30 * SECOND
    const { step } = settleReading(next, sampleReading('a'), {
      epoch: next.epoch,
      now,
      actor: ACTOR,
    })
    expect(typesOf(step.events)).toEqual(['key.published', 'key.repaired', 'key.observed'])
    expect(step.next.desired).not.toHaveProperty('repair')
  })
})

describe('the budget of repairs', () => {
  const thrice = [0, 1, 2].reduce((state, hour) => repairedAndLost(state, NOW + hour * HOUR), lost)
  const EXHAUSTED = { outcome: 'exhausted', events: ['key.repair_exhausted'] }
  const SILENT = { outcome: 'exhausted', events: [] }

  test('ends after so many in 24 hours, and is told of once a day', () => {
    const first = told(thrice, NOW + 3 * HOUR)
    expect(first).toMatchObject(EXHAUSTED)
    expect(told(first.next, NOW + 4 * HOUR)).toMatchObject(SILENT)
    expect(told(first.next, NOW + DAY - 1)).toMatchObject(SILENT)
    expect(begin(first.next, { now: NOW + DAY }).outcome).toBe('begun')
    expect(begin(first.next, { now: NOW + DAY, perDay: 2 }).outcome).toBe('exhausted')
  })

  test('of none a day repairs nothing, and says so each day', () => {
    const none = beginRepair(lost, {
      policy: { mode: 'automatic', perDay: 0 },
      cause: 'notice',
      actor: ACTOR,
      now: NOW,
    })
    expect(none.outcome).toBe('exhausted')
    expect(none.step?.next.repairs).toEqual({ at: [], exhaustedAt: NOW })
  })

  test('is used up for no longer than a day when the clock goes back by years', () => {
    const back = NOW - 1_000 * DAY
    const first = told(thrice, back)
    expect(first).toMatchObject(EXHAUSTED)
    expect(told(first.next, back + DAY - 1)).toMatchObject(SILENT)
    expect(begin(first.next, { now: back + DAY }).outcome).toBe('begun')
  })

  test('does not begin anew with each step back of the clock', () => {
    let state = lost
    let repairs = 0
    for (let step = 0; step < 50; step += 1) {
      const now = NOW - step * HOUR
      const repair = begin(state, { now })
      if (repair.outcome === 'begun') {
        repairs += 1
        state = repairedAndLost(state, now)
      } else if (repair.step !== null) state = repair.step.next
    }
    expect(repairs).toBe(3)
  })

  test('gets back what never reached the upstream', () => {
    const { state, writing } = begun(lost)
    expect(state.repairs).toEqual({ at: [NOW] })
    const { next } = uncountRepair(state, writing.at)
    expect(next.repairs).toEqual({ at: [] })
    expect(uncountRepair(next, writing.at).next).toBe(next)
  })
})
