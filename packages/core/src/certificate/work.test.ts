import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'
import { begun, sampleBundle, sampleCertificate, underway } from '../testing/sample-certificate.ts'
import { ACTOR, NOW } from '../testing/sample-number.ts'
import { DOUBT_MS, FIRST_LOOK_MS, GOES_OUT_MS, POLL_MAX_MS } from './timing.ts'
import {
  lookLater,
  markConfirming,
  markFailed,
  markIdle,
  markInstalled,
  markRefused,
  markSent,
  markTaken,
  markUnknown,
} from './work.ts'

const by = { actor: { kind: 'schedule', id: 'install' }, now: NOW + MINUTE } as const
const REFUSAL = new Fault('upstream_rejected', 'Refused')

/** Sent, and not answered. */
function unheard(from = begun(sampleCertificate())) {
  const sent = underway(markSent(from.state, from.work, NOW))
  return underway(markUnknown(sent.state, sent.work, NOW + 10 * SECOND))
}

describe('startWork()', () => {
  test('records the request, and stays in doubt as long as an earlier write may land', () => {
    const first = unheard()
    const second = begun(first.state, { names: ['b.pem'] }, NOW + MINUTE)
    expect(second.work).toMatchObject({
      phase: 'sending',
      sentBy: null,
      sends: 0,
      doubtUntil: NOW + 10 * SECOND + DOUBT_MS,
    })
    const third = begun(second.state, { names: ['c.pem'] }, NOW + 2 * MINUTE)
    expect(third.work.doubtUntil).toBe(second.work.doubtUntil)
    expect(third.work.previous).toEqual(second.work.previous)
    expect(begun(first.state, {}, NOW + HOUR).work.doubtUntil).toBeNull()
  })

  test('reckons an earlier write from when it can have gone out, a clock that went back included', () => {
    const { state, work } = begun(sampleCertificate())
    const dead = markSent(state, work, NOW)
    const longest = GOES_OUT_MS + DOUBT_MS
    expect(begun(dead, {}, NOW).work.doubtUntil).toBe(NOW + longest)
    expect(begun(dead, {}, NOW - DAY).work.doubtUntil).toBe(NOW - DAY + longest)
  })
})

describe('markRefused()', () => {
  test('leaves nothing of a certificate that never was', () => {
    const { state } = begun(sampleCertificate())
    const { next, events } = markRefused(state, by, REFUSAL)
    expect(next).toBeNull()
    expect(events).toMatchObject([
      { type: 'certificate.failed', actor: ACTOR, data: { code: 'upstream_rejected' } },
    ])
  })

  test('leaves one that is there as it is', () => {
    const there = sampleCertificate({ status: 'installed', bundle: sampleBundle('old') })
    const { next } = markRefused(begun(there).state, by, REFUSAL)
    expect(next).toMatchObject({ status: 'installed', bundle: there.bundle, work: null })
  })

  // The first upload to a slot may have arrived: that a second one was refused tells nothing of it.
  test('goes on with what was on its way before, its outcome still unknown', () => {
    const first = unheard()
    const second = begun(first.state, { bundle: sampleBundle('b') }, NOW + MINUTE)
    const { next } = markRefused(second.state, by, REFUSAL)
    expect(next?.work).toMatchObject({
      bundle: first.work.bundle,
      sends: 1,
      material: 'sealed',
      due: by.now + FIRST_LOOK_MS,
    })
  })

  test('does not bring forward the confirmation of what was there before', () => {
    const second = begun(unheard().state, {}, NOW + MINUTE)
    const doubtUntil = second.work.doubtUntil ?? 0
    const confirming = underway(markConfirming(second.state, second.work, by).next)
    const third = begun(confirming.state, {}, by.now)
    const { next } = markRefused(third.state, by, REFUSAL)
    expect(next?.work).toMatchObject({ isConfirming: true, due: doubtUntil })
  })
})

describe('markInstalled()', () => {
  test('erases what was sent, and tells it with who asked for it', () => {
    const { next, events } = markInstalled(unheard().state, unheard().work, by)
    expect(next).toMatchObject({ status: 'installed', work: null, bundle: sampleBundle('a') })
    expect(events).toMatchObject([{ type: 'certificate.installed', actor: ACTOR }])
  })

  // An authority may take hours: the time to put it in use begins when it is there.
  test('begins the time for putting it in use anew', () => {
    const { state, work } = begun(sampleCertificate(), { kind: 'apply', activate: true })
    const later = { ...by, now: NOW + 5 * HOUR }
    const { next } = markInstalled(state, work, later)
    expect(next?.work).toMatchObject({ phase: 'activating', since: later.now, material: null })
  })

  test('keeps what was told of its end only of the same certificate', () => {
    const state = sampleCertificate({ bundle: sampleBundle('a'), toldDays: 7 })
    const again = begun(state)
    expect(markInstalled(again.state, again.work, by).next).toMatchObject({ toldDays: 7 })
    const other = begun(state, { bundle: sampleBundle('b') })
    expect(markInstalled(other.state, other.work, by).next).toMatchObject({ toldDays: null })
  })
})

describe('markConfirming()', () => {
  test('is told once, and ends when no earlier write can land', () => {
    const { state, work } = begun(unheard().state, {}, NOW + MINUTE)
    const confirming = markConfirming(state, work, by)
    expect(confirming.events).toHaveLength(1)
    const again = underway(confirming.next)
    expect(again.work).toMatchObject({ isConfirming: true, due: work.doubtUntil, doubtUntil: null })
    expect(again.state.status).toBe('installed')
    expect(markConfirming(again.state, again.work, by)).toMatchObject({
      next: { work: null },
      events: [],
    })
  })

  test('is done at once where nothing is in doubt', () => {
    const { state, work } = begun(sampleCertificate())
    expect(markConfirming(state, work, by).next?.work).toBeNull()
  })
})

describe('lookLater()', () => {
  test('comes ever later, and no sooner than is asked for', () => {
    let { state, work } = unheard()
    const pauses: number[] = []
    for (let look = 0; look < 8; look += 1) {
      ;({ state, work } = underway(lookLater(state, work, { now: NOW })))
      pauses.push(work.due - NOW)
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300].map((each) => each * SECOND))
    expect(POLL_MAX_MS).toBe(300 * SECOND)
    const { work: later } = underway(lookLater(state, work, { now: NOW, least: HOUR }))
    expect(later.due).toBe(NOW + HOUR)
  })

  test('erases what is to be sent after an hour, of what was on its way before too', () => {
    const { state, work } = begun(unheard().state, {}, NOW + MINUTE)
    const kept = underway(lookLater(state, work, { now: NOW + HOUR })).work
    expect([kept.material, kept.previous?.material]).toEqual(['sealed', 'sealed'])
    const later = underway(lookLater(state, work, { now: NOW + HOUR + 2 * MINUTE })).work
    expect([later.material, later.previous?.material]).toEqual([null, null])
  })
})

test('markTaken() erases what was sent, and takes the name that the upstream gave', () => {
  const { state, work } = unheard()
  const taken = underway(markTaken(state, work, { name: 'given.pem', now: NOW + MINUTE }))
  expect(taken.state.name).toBe('given.pem')
  expect(taken.work).toMatchObject({ phase: 'issuing', material: null, since: NOW + MINUTE })
  expect(taken.work.names).toEqual(['a.pem', 'given.pem'])
})

test('markFailed() and markIdle() keep nothing sealed, and say why', () => {
  const there = begun(sampleCertificate({ status: 'installed' }))
  expect(markFailed(there.state, by, 'Lost').next).toMatchObject({
    status: 'failed',
    problem: 'Lost',
    work: null,
  })
  expect(markIdle(there.state, by, 'Not in use').next).toMatchObject({
    status: 'installed',
    problem: 'Not in use',
    work: null,
  })
})
