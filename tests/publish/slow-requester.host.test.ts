import { createPace } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const SECONDS = 1_000
/** Longer than a key waits for its requester; then the task sends it. */
const SLOW_MS = 60 * SECONDS
const LOST: Weather = { ...CALM, lostWrites: 1 }

describe('a publish whose requester is slower than its key can wait', () => {
  test.each([
    ['done, where the task was told so', CALM, 'done'],
    ['unknown, where the task does not know either', LOST, 'upstream_timeout'],
  ])('is answered as %s', async (_, weather, answer) => {
    const ledger = await openSqliteLedger({ path: ':memory:' })
    const world = await modelWorld({ ledger, seed: 1, weather: LOST, readable: true })
    const { clock, services, upstream } = world
    expect(await clock.until(world.publish('a'))).toBe('upstream_timeout')
    upstream.weather = weather
    // Before it takes its turn, a publish looks what became of the one before it: here that takes its time.
    const publishing = world.publish('b', {
      by: {
        ...services,
        upstream: {
          timeoutMs: upstream.timeoutMs,
          admit: () => undefined,
          servedCertificate: null,
          pace: createPace(),
          async perform(call) {
            await clock.sleep(SLOW_MS)
            return upstream.perform(call)
          },
        },
      },
    })
    await world.pass(2 * SLOW_MS)
    expect(await clock.until(publishing)).toBe(answer)
    upstream.weather = CALM
    await world.pass(20 * SLOW_MS)
    expect(upstream.keys.get('1')?.fingerprint).toBe('sha256:b')
    await ledger.close()
  })
})
