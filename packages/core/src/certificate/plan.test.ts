import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'
import { begun, BLIND_KIND, LISTED_KIND, sampleCertificate } from '../testing/sample-certificate.ts'
import { NOW } from '../testing/sample-number.ts'
import { planResend, planWork } from './plan.ts'
import type { Work } from './state.ts'
import { ABANDONED_MS, DOUBT_MS, FIRST_LOOK_MS, GOES_OUT_MS, SENDS_MAX } from './timing.ts'
import { asOfNow, markSent, markUnknown } from './work.ts'

const fresh = begun(sampleCertificate())
const sent = { ...fresh.work, ...markSent(fresh.state, fresh.work, NOW).work }
const unheard = { ...sent, ...markUnknown(fresh.state, sent, NOW + 10 * SECOND).work }

const plan = (work: Work, now: number, kind = LISTED_KIND, upstreamId: string | null = null) =>
  planWork(sampleCertificate({ upstreamId, work }), work, { kind, now })

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

  test('gives up an upstream that tells nothing of it for a day', () => {
    expect(plan(unheard, NOW + DAY)).toEqual({ do: 'look' })
    expect(plan(unheard, NOW + DAY + 1)).toMatchObject({ do: 'give_up' })
  })

  test('asks after what the upstream took, until it lists it, and until it is done', () => {
    const issuing: Work = { ...sent, phase: 'issuing', material: null }
    expect(plan(issuing, NOW + 10 * MINUTE)).toEqual({ do: 'poll' })
    expect(plan(issuing, NOW + 10 * MINUTE + 1)).toMatchObject({ do: 'give_up' })
    expect(plan(issuing, NOW + DAY, LISTED_KIND, '1')).toEqual({ do: 'poll' })
    expect(plan(issuing, NOW + DAY + 1, LISTED_KIND, '1')).toMatchObject({ do: 'give_up' })
  })

  test('tries for an hour to put it in use', () => {
    const activating: Work = { ...sent, phase: 'activating', material: null }
    expect(plan(activating, NOW + HOUR, LISTED_KIND, '1')).toEqual({ do: 'activate' })
    expect(plan(activating, NOW + HOUR + 1, LISTED_KIND, '1')).toMatchObject({ do: 'give_up' })
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
