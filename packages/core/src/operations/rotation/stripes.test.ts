import { describe, expect, test } from 'vitest'
import { NOW } from '../../testing/sample-number.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { SimClock } from '../../testing/sim-clock.ts'
import type { StripeState } from '../../rotation/state.ts'
import { planStripes } from './stripes.ts'

const CONNECTION = 'con_0000000000000000'
const ACTOR = { kind: 'system', id: 'test' } as const

const PEM = `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(392)}\n-----END PUBLIC KEY-----\n`
/** What every engine of the ledger takes of one row. */
const ROW_BYTES = 256 * 1024

function planned(count: number): readonly StripeState[] {
  const services = { random: seededRandom(1), clock: new SimClock(NOW) }
  const key = { kind: 'per-number' } as const
  const plan = { rotationId: 'rot_0123456789abcdef', key, overlapMs: 1, actor: ACTOR }
  const candidates = Array.from({ length: count }, (_, index) => {
    return { numberId: `num_${String(index).padStart(32, '0')}` }
  })
  return planStripes(services, plan, new Map([[CONNECTION, candidates]]))
}

const sizesOf = (count: number) => planned(count).map(({ entries }) => entries.length)

describe('planStripes()', () => {
  test('divides numbers among as many as can work at once, not for a few', () => {
    expect(sizesOf(1)).toEqual([1])
    expect(sizesOf(101)).toEqual([34, 34, 33])
    expect(sizesOf(1_000)).toEqual(Array.from({ length: 8 }, () => 125))
  })

  // A stripe that cannot be stored would be worked on for ever, and its rotation never end.
  test('makes none that does not fit into a row, though every number has a former key and has failed', () => {
    const stripes = planned(10_000)
    expect(stripes.flatMap(({ entries }) => entries)).toHaveLength(10_000)
    const text = 'x'.repeat(250)
    const problem = {
      code: 'upstream_rejected',
      message: text,
      upstream: { status: 400, message: text },
    }
    const previous = {
      pem: PEM,
      fingerprint: `sha256:${'0'.repeat(64)}`,
      keyId: 'key_0123456789abcdef',
    } as const
    for (const stripe of stripes) {
      const entries = stripe.entries.map((entry) => ({
        ...entry,
        previous,
        problem,
        waitingSince: NOW,
      }))
      expect(JSON.stringify({ ...stripe, entries }).length).toBeLessThan(ROW_BYTES)
    }
  })
})
