import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'
import { begun, BLIND_KIND, LISTED_KIND, sampleCertificate } from '../testing/sample-certificate.ts'
import { NOW } from '../testing/sample-number.ts'
import { hopeless, planResend, planWork } from './plan.ts'
import type { Work } from './state.ts'
import { ABANDONED_MS, DOUBT_MS, FIRST_LOOK_MS, GOES_OUT_MS, SENDS_MAX } from './timing.ts'
import { asOfNow, markSent, markUnknown } from './work.ts'

const fresh = begun(sampleCertificate())
const sent = { ...fresh.work, ...markSent(fresh.state, fresh.work, NOW).work }
const unheard = { ...sent, ...markUnknown(fresh.state, sent, NOW + 10 * SECOND).work }

const plan = (work: Work, now: number, kind = LISTED_KIND) => planWork(work, { kind, now })

describe('planWork()', () => {
  test('sends what cannot have reached the upstream, for an hour', () => {
    expect(plan(fresh.work, NOW)).toEqual({ do: 'send' })
    expect(plan(fresh.work, NOW + HOUR)).toEqual({ do: 'send' })
    expect(plan(fresh.work, NOW + HOUR + 1)).toMatchObject({ do: 'give_up' })
    expect(plan({ ...fresh.work, material: null }, NOW)).toMatchObject({ do: 'give_up' })
  })

  test('leaves who sends it the time to hear the answer', () => {
    expect(plan(sent, NOW + MINUTE)).toEqual({ do: 'wait', until: NOW + ABANDONED_MS })
    expect(plan(sent, NOW + ABANDONED_MS)).toEqual({ do: 'look' })
  })

  test('looks for what was not answered, and never sends it again unasked', () => {
    const due = NOW + 10 * SECOND + FIRST_LOOK_MS
    expect(plan(unheard, due - 1)).toEqual({ do: 'wait', until: due })
    for (const later of [due, due + DOUBT_MS, due + HOUR]) {
      expect(plan(unheard, later)).toEqual({ do: 'look' })
    }
  })

  test('sends again where the upstream cannot be asked, once the write can no longer land', () => {
    const arrived = NOW + 10 * SECOND + DOUBT_MS
    expect(plan(unheard, arrived - 1, BLIND_KIND)).toEqual({ do: 'wait', until: arrived })
    expect(plan(unheard, arrived, BLIND_KIND)).toEqual({ do: 'send' })
    expect(plan({ ...unheard, sends: SENDS_MAX }, arrived, BLIND_KIND)).toMatchObject({
      do: 'give_up',
    })
  })

  // Who died may have waited for a login first: the write went out later than it was committed.
  test('counts the doubt about an abandoned write from when it can have gone out', () => {
    const arrived = NOW + GOES_OUT_MS + DOUBT_MS
    expect(plan(sent, arrived - 1, BLIND_KIND)).toEqual({ do: 'wait', until: arrived })
    expect(plan(sent, arrived, BLIND_KIND)).toEqual({ do: 'send' })
  })

  // Nobody may have come for days: that alone tells nothing.
  test('asks after what the upstream has, however late it is', () => {
    for (const later of [NOW + MINUTE, NOW + 3 * DAY]) {
      expect(plan({ ...sent, phase: 'issuing', material: null }, later)).toEqual({ do: 'poll' })
      expect(plan({ ...sent, phase: 'activating', material: null }, later)).toEqual({
        do: 'activate',
      })
    }
    expect(plan(unheard, NOW + 3 * DAY)).toEqual({ do: 'look' })
  })
})

describe('planResend()', () => {
  test('sends nothing that was asked for more than an hour ago, unless it is there already', () => {
    expect(planResend(unheard, NOW + HOUR)).toEqual({ do: 'send' })
    expect(planResend(unheard, NOW + HOUR + 1)).toMatchObject({ do: 'give_up' })
    expect(planResend({ ...unheard, isConfirming: true }, NOW + DAY)).toEqual({ do: 'send' })
    expect(planResend({ ...unheard, material: null }, NOW + HOUR)).toMatchObject({ do: 'give_up' })
  })
})

describe('hopeless()', () => {
  test.each([
    ['issuing', 'not listed', 10 * MINUTE],
    ['issuing', 'pending', DAY],
    ['issuing', 'none', DAY],
    ['sending', 'none', DAY],
    ['activating', 'none', HOUR],
  ] as const)('of what is %s and is told %s after %i ms', (phase, answer, ms) => {
    const work: Work = { ...unheard, phase }
    expect(hopeless(work, answer, NOW + ms)).toBeNull()
    expect(hopeless(work, answer, NOW + ms + 1)).toMatch(/[a-z]/)
  })
})

describe('asOfNow()', () => {
  // Nobody can tell how long ago it was: to send at once could bring it there twice.
  test('begins the doubt anew where the clock went back', () => {
    const now = NOW - HOUR
    const work = asOfNow(unheard, now)
    expect(work).toMatchObject({ since: now, sentBy: now, due: now + FIRST_LOOK_MS })
    expect(planResend(work, now)).toEqual({ do: 'wait', until: now + DOUBT_MS })
  })

  test('leaves alone what a clock that goes on reads', () => {
    for (const now of [NOW, NOW + MINUTE, NOW + DAY]) {
      expect(asOfNow(sent, now)).toBe(sent)
      expect(asOfNow(fresh.work, now)).toBe(fresh.work)
    }
  })
})
