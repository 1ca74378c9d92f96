import { describe, expect, test } from 'vitest'
import { countEntries, withStripe } from './counts.ts'
import type { RotationState, StripeSummary } from './state.ts'

const HALF = countEntries([{ status: 'verified' }, { status: 'pending' }])
const ALL = countEntries([{ status: 'verified' }, { status: 'verified' }])

function rotationOf(...stripes: readonly Pick<StripeSummary, 'id' | 'done'>[]): RotationState {
  return {
    id: 'rot_1',
    status: 'running',
    key: { kind: 'per-number' },
    overlapMs: 0,
    actor: { kind: 'system', id: 'test' },
    stripes: stripes.map((stripe) => ({
      ...stripe,
      connectionId: 'con_1',
      counts: stripe.done ? ALL : HALF,
    })),
    startedAt: 0,
    finishedAt: null,
  }
}

describe('withStripe()', () => {
  test('ends the rotation with its last stripe', () => {
    const rotation = rotationOf({ id: 'str_1', done: true }, { id: 'str_2', done: false })
    const going = withStripe(rotation, { id: 'str_2', counts: HALF, done: false }, 5)
    expect(going).toMatchObject({ status: 'running', finishedAt: null })
    const ended = withStripe(rotation, { id: 'str_2', counts: ALL, done: true }, 5)
    expect(ended).toMatchObject({ status: 'succeeded', finishedAt: 5 })
  })

  // A report that was slow comes after the stripe's last one: the rotation would never end.
  test('does not let a stripe that is done be told to go on', () => {
    const rotation = rotationOf({ id: 'str_1', done: true }, { id: 'str_2', done: false })
    const late = withStripe(rotation, { id: 'str_1', counts: HALF, done: false }, 5)
    expect(late.stripes).toEqual(rotation.stripes)
  })
})
