import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { MINUTE, SECOND } from '../instant.ts'
import {
  accepted,
  ACTOR,
  ended,
  failed,
  NOW,
  sampleNumber,
  sampleReading,
  started,
  startedAgain,
} from '../testing/sample-number.ts'
import { abandonWrite } from './claim.ts'
import { concludeWrite } from './conclude.ts'
import { WRITE_LEASE_MS } from './timing.ts'

const UPSTREAM = { status: 400, code: '100', message: 'Invalid parameter', requestId: 'A1' }
const REFUSED = failed('refused', new Fault('upstream_rejected', 'No', { upstream: UPSTREAM }))
const LOST = failed(
  'unknown',
  new Fault('upstream_unavailable', 'Reset', { upstream: { status: null }, effect: 'unknown' }),
)
const first = () => started(sampleNumber(), 'a')
const settledOn = (name: string) =>
  ended(started(sampleNumber(), name), accepted(sampleReading(name))).next

describe('concludeWrite()', () => {
  test('believes an accepted key that was read back valid', () => {
    const step = ended(first(), accepted(sampleReading('a')))
    expect(step.next).toMatchObject({
      writing: null,
      desired: { fingerprint: 'sha256:a', acceptedAt: NOW },
      observed: { status: 'valid', fingerprint: 'sha256:a', epoch: step.next.epoch },
      doubt: null,
      history: ['sha256:a'],
    })
    expect(step.events).toMatchObject([
      { type: 'key.published', data: { generation: 1, verified: true, answer: { status: 200 } } },
      { type: 'key.observed', data: { status: 'valid', fingerprint: 'sha256:a' } },
    ])
  })

  test.each([
    ['could not be read back', null],
    ['was read back before it was there', sampleReading('old')],
    ['was read back in mismatch', sampleReading('a', 'mismatch')],
  ])('leaves an accepted key in doubt that %s, to be looked at in 30 seconds', (_, reading) => {
    const { next } = ended(first(), accepted(reading))
    expect(next.desired).toMatchObject({ acceptedAt: NOW })
    expect(next.doubt).toMatchObject({ since: NOW, due: NOW + 30 * SECOND, resends: 0 })
  })

  test('does not take a reading of another key for what the number holds', () => {
    const before = settledOn('old')
    const { next, events } = ended(started(before, 'a'), accepted(sampleReading('old')))
    expect(next.observed).toBe(before.observed)
    expect(events.map((each) => each.type)).toEqual(['key.published'])
  })

  test('takes accepted for done where nothing can be read', () => {
    expect(ended(first(), accepted(null), { readable: false }).next.doubt).toBeNull()
  })

  test.each([true, false])(
    'keeps an earlier doubt until that write must have landed',
    (readable) => {
      const doubtful = ended(first(), LOST).next
      const early = NOW + 5 * MINUTE - 1
      const reading = readable ? sampleReading('b') : null
      const at = (now: number) =>
        ended(started(doubtful, 'b', now), accepted(reading), { at: now, readable }).next
      expect(at(early).doubt).toMatchObject({ since: NOW })
      expect(at(early + 1).doubt).toBeNull()
    },
  )

  test('drops nothing but the write when the upstream refuses it', () => {
    const before = settledOn('old')
    const { next, events } = ended(started(before, 'a'), REFUSED)
    expect(next).toMatchObject({ writing: null, doubt: null, history: ['sha256:old'] })
    expect(next.desired).toBe(before.desired)
    expect(next.epoch).toBeGreaterThan(before.epoch)
    expect(events).toMatchObject([
      {
        type: 'key.publish_failed',
        data: {
          generation: 2,
          fingerprint: 'sha256:a',
          code: 'upstream_rejected',
          upstream: UPSTREAM,
        },
      },
    ])
  })

  test('keeps the doubt about an earlier key when a later one is refused', () => {
    const doubtful = ended(first(), LOST).next
    const { next } = ended(started(doubtful, 'b'), REFUSED)
    expect(next.desired).toMatchObject({ fingerprint: 'sha256:a', acceptedAt: null })
    expect(next.doubt).toMatchObject({ since: NOW, due: NOW + 30 * SECOND })
  })

  test('leaves a key of unknown outcome in doubt, with what was there before', () => {
    const before = settledOn('old')
    const { next, events } = ended(started(before, 'a'), LOST)
    expect(next.desired).toMatchObject({ fingerprint: 'sha256:a', acceptedAt: null })
    expect(next.doubt).toEqual({
      since: NOW,
      due: NOW + 30 * SECOND,
      before: before.observed,
      checks: 0,
      resends: 0,
    })
    expect(next.history).toEqual(['sha256:a', 'sha256:old'])
    expect(events).toMatchObject([
      {
        type: 'key.publish_unknown',
        data: {
          code: 'upstream_unavailable',
          upstream: { status: null, code: null, message: null, requestId: null },
        },
      },
    ])
  })

  test('keeps that the upstream took a key before, when the outcome of its resend is unknown', () => {
    const doubtful = ended(first(), accepted(null)).next
    const { next } = ended(startedAgain(doubtful), LOST, { at: NOW + MINUTE })
    expect(next.desired).toMatchObject({ acceptedAt: NOW })
    expect(next.doubt).toMatchObject({ due: NOW + 5 * MINUTE, resends: 1 })
    // That copy may still arrive, after a key that is newer.
    expect(next.doubt).toMatchObject({ since: NOW + MINUTE })
  })

  test.each([
    ['given up', (write: ReturnType<typeof first>) => abandonWrite(write.state, LATE).next],
    ['overtaken', (write: ReturnType<typeof first>) => started(write.state, 'b', LATE).state],
  ])('drops the outcome of a write that was %s in the meantime', (_, meanwhile) => {
    const write = first()
    const conclusion = concludeWrite(
      meanwhile(write),
      write.writing,
      accepted(sampleReading('a')),
      { now: LATE, readable: true, actor: ACTOR },
    )
    expect(conclusion).toEqual({ held: false })
  })
})

const LATE = NOW + WRITE_LEASE_MS
