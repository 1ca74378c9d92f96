import { describe, expect, test } from 'vitest'
import { SECOND } from '../instant.ts'
import { sampleDelivery, sampleEvent } from '../testing/sample-delivery.ts'
import { NOW } from '../testing/sample-number.ts'
import { deliveryIdOf, deliveryLabels } from './delivery.ts'
import { dueOf, linesOf } from './queue.ts'

const ENDPOINTS = ['whe_0123456789abcdef', 'whe_fedcba9876543210'] as const

describe('linesOf()', () => {
  test('has a line for each subject, in the order of its events, and one for each repeat', () => {
    const pending = [
      sampleDelivery(3),
      sampleDelivery(1, { subject: 'num_2' }),
      sampleDelivery(2),
      sampleDelivery(1, { isRepeat: true }),
    ]
    const lines = linesOf(pending).map((line) =>
      line.map(({ event, isRepeat }) => [event.subject, event.sequence, isRepeat]),
    )
    expect(lines).toEqual([
      [
        ['num_1', 2, false],
        ['num_1', 3, false],
      ],
      [['num_2', 1, false]],
      [['num_1', 1, true]],
    ])
  })
})

describe('dueOf()', () => {
  test('is when the first of a line can be sent, whatever is behind it', () => {
    const first = sampleDelivery(1, { nextAttemptAt: NOW + SECOND })
    expect(dueOf([first, sampleDelivery(2)], NOW)).toBe(NOW + SECOND)
    expect(dueOf([{ ...first, sendingUntil: NOW + 9 * SECOND }], NOW)).toBe(NOW + 9 * SECOND)
    expect(dueOf([], NOW)).toBeNull()
  })
})

describe('deliveryIdOf()', () => {
  test('is the same each time, and another for each endpoint and event', () => {
    const events = [sampleEvent(1), sampleEvent(2)]
    const ids = ENDPOINTS.flatMap((endpoint) => events.map((each) => deliveryIdOf(endpoint, each)))
    expect(new Set(ids).size).toBe(4)
    expect(ids).toEqual(
      ENDPOINTS.flatMap((endpoint) => events.map((each) => deliveryIdOf(endpoint, each))),
    )
    for (const id of ids) expect(id).toMatch(/^dlv_[0-9a-z]{42}$/)
  })

  test('is less the newer the event is', () => {
    const ids = [0, 1, 1_000, 10 ** 9, 10 ** 12].map((ahead) =>
      deliveryIdOf(ENDPOINTS[0], sampleEvent(1, 'num_1', NOW + ahead)),
    )
    expect(ids.toSorted((one, other) => (one < other ? 1 : -1))).toEqual(ids)
  })
})

describe('deliveryLabels()', () => {
  test('keeps what is pending apart from what has ended on a day', () => {
    expect(deliveryLabels(sampleDelivery(1))).toEqual({
      endpoint: ENDPOINTS[0],
      status: 'pending',
      queue: ENDPOINTS[0],
    })
    const ended = sampleDelivery(1, { status: 'dead', endedAt: Date.UTC(1970, 0, 3) })
    expect(deliveryLabels(ended)).toEqual({
      endpoint: ENDPOINTS[0],
      status: 'dead',
      ended: `${ENDPOINTS[0]}/2`,
    })
  })
})
