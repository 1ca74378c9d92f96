import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { MINUTE, SECOND } from '../instant.ts'
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
  startedAgain,
} from '../testing/sample-number.ts'
import type { KeyReading } from '../public-key.ts'
import { giveUp, planSettle, settleFailed, settleReading } from './settle.ts'
import type { NumberState } from './state.ts'
import { DOUBT_MS, QUEUE_PATIENCE_MS, RESENDS_MAX, WRITE_LEASE_MS } from './timing.ts'

const LOST = failed('unknown', new Fault('upstream_timeout', 'Lost', { effect: 'unknown' }))
const settledOn = (name: string) =>
  ended(started(sampleNumber(), name), accepted(sampleReading(name))).next
const inDoubt = (before: NumberState = settledOn('old')) => ended(started(before, 'a'), LOST).next
const resent = (state: NumberState) => ({
  ...state,
  doubt: state.doubt === null ? null : { ...state.doubt, resends: RESENDS_MAX },
})

const look = (state: NumberState, read: KeyReading, now: number) =>
  settleReading(state, read, { epoch: state.epoch, now, actor: ACTOR })

describe('planSettle()', () => {
  const waiting = asked(sampleNumber(), 'a')
  const writing = started(sampleNumber(), 'a').state
  const LOOK = NOW + 30 * SECOND
  const LEASE = NOW + WRITE_LEASE_MS
  test.each([
    ['a new number', sampleNumber(), NOW, true, { do: 'nothing' }],
    ['a settled number', settledOn('a'), NOW, true, { do: 'nothing' }],
    ['a write in flight', writing, LEASE - 1, true, { do: 'wait', until: LEASE }],
    ['a write whose owner died', writing, LEASE, true, { do: 'read' }],
    ['the same without a read', writing, LEASE, false, { do: 'resend' }],
    ['a write of before the clock went back', writing, NOW - 60 * MINUTE, true, { do: 'read' }],
    ['a key that waits', waiting, NOW, true, { do: 'wait', until: NOW + QUEUE_PATIENCE_MS }],
    [
      'a key that nobody sends',
      waiting,
      NOW + QUEUE_PATIENCE_MS,
      true,
      { do: 'carry_out', generation: 1 },
    ],
    ['a fresh doubt', inDoubt(), LOOK - 1, true, { do: 'wait', until: LOOK }],
    ['a doubt that is due', inDoubt(), LOOK, true, { do: 'read' }],
    ['the same without a read', inDoubt(), LOOK, false, { do: 'resend' }],
    ['one that was sent often enough', resent(inDoubt()), LOOK, false, { do: 'give_up' }],
  ] as const)('%s', (_, state, now, readable, plan) => {
    expect(planSettle(state, now, readable)).toEqual(plan)
  })
})

describe('settleReading()', () => {
  const SOON = NOW + 30 * SECOND
  const LANDED = NOW + DOUBT_MS

  test('tells late that the key had arrived, and looks once more when all must have landed', () => {
    const { step, resend } = look(inDoubt(), sampleReading('a'), SOON)
    expect(resend).toBe(false)
    expect(step.next.desired).toMatchObject({ acceptedAt: SOON })
    expect(step.next.doubt).toMatchObject({ due: LANDED })
    expect(step.events).toMatchObject([
      { type: 'key.published', data: { fingerprint: 'sha256:a', verified: true, late: true } },
      { type: 'key.observed' },
    ])
    const last = look(step.next, sampleReading('a'), LANDED)
    expect(last.step.next.doubt).toBeNull()
    expect(last.step.events).toEqual([])
  })

  test.each([
    ['what was there before', sampleReading('old')],
    ['no key', sampleReading(null)],
    ['an earlier key of ours', sampleReading('older')],
  ])('has the key sent again where the upstream holds %s', (_, read) => {
    const older = settledOn('older')
    const old = ended(started(older, 'old'), accepted(sampleReading('old'))).next
    const { resend, step } = look(inDoubt(old), read, SOON)
    expect(resend).toBe(true)
    expect(step.next.doubt).not.toBeNull()
  })

  test('does not overwrite a key that somebody else wrote', () => {
    const { resend, step } = look(inDoubt(), sampleReading('x'), SOON)
    expect(resend).toBe(false)
    expect(step.events.map((each) => each.type)).toEqual(['key.observed', 'key.mismatch'])
    const last = look(step.next, sampleReading('x'), LANDED).step
    expect(last.next.doubt).toBeNull()
    expect(last.events.map((each) => each.type)).toEqual(['key.publish_unresolved'])
  })

  test('accuses nobody where it was not known what was there before', () => {
    expect(look(inDoubt(sampleNumber()), sampleReading('x'), SOON).resend).toBe(true)
  })

  test('does not overwrite a key that is called valid and not shown', () => {
    expect(look(inDoubt(), sampleReading(null, 'valid'), SOON).resend).toBe(false)
  })

  test('stops sending after so many times, and ends the doubt when all must have landed', () => {
    const early = look(resent(inDoubt()), sampleReading('old'), SOON)
    expect(early.resend).toBe(false)
    expect(early.step.next.doubt).not.toBeNull()
    const late = look(resent(inDoubt()), sampleReading('old'), LANDED)
    expect(late.resend).toBe(false)
    expect(late.step.next.doubt).toBeNull()
    expect(late.step.events.at(-1)).toMatchObject({
      type: 'key.publish_unresolved',
      data: { generation: 2, fingerprint: 'sha256:a' },
    })
  })

  test('learns nothing from a read of another epoch', () => {
    const state = inDoubt()
    const options = { epoch: state.epoch - 1, now: SOON, actor: ACTOR }
    expect(settleReading(state, sampleReading('a'), options)).toEqual({
      step: { next: state, events: [] },
      resend: false,
    })
  })

  test('learns nothing from a read made while a write was in flight', () => {
    const { state } = startedAgain(inDoubt(), SOON)
    expect(look(state, sampleReading('old'), SOON)).toEqual({
      step: { next: state, events: [] },
      resend: false,
    })
  })
})

describe('settleFailed()', () => {
  test('looks again when all must have landed, and from then ever more slowly', () => {
    let state = inDoubt()
    const minutes: number[] = []
    for (let now = NOW + 30 * SECOND; minutes.length < 7; now = state.doubt?.due ?? now) {
      state = settleFailed(state, now).next
      minutes.push(((state.doubt?.due ?? now) - Math.max(now, NOW + 30 * SECOND)) / MINUTE)
    }
    expect(minutes).toEqual([4.5, 10, 20, 40, 60, 60, 60])
  })

  test('does nothing where nothing is in doubt', () => {
    const state = settledOn('a')
    expect(settleFailed(state, NOW).next).toBe(state)
  })
})

describe('giveUp()', () => {
  test('ends the doubt and says which key was left unresolved', () => {
    const { next, events } = giveUp(inDoubt(), NOW, ACTOR)
    expect(next.doubt).toBeNull()
    expect(events).toMatchObject([
      { type: 'key.publish_unresolved', data: { generation: 2, fingerprint: 'sha256:a' } },
    ])
  })
})
