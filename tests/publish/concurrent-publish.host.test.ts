import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import type { Weather } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const MINUTES = 60_000
const HOURS = 60 * MINUTES
const TRIES = 200
const STORM: Weather = {
  lostAnswers: 0.15,
  delayedWrites: 0.15,
  delayMs: 4 * MINUTES,
  lostWrites: 0.1,
  refusals: 0.1,
  failedReads: 0.2,
}

describe('two clients publish different keys to one number at once', () => {
  for (const readable of [true, false]) {
    const kind = readable ? 'with a safe read' : 'without one'
    test(`the ledger ends with the key that the upstream has, on a provider ${kind}`, async () => {
      for (let seed = 1; seed <= TRIES; seed += 1) {
        const ledger = await openSqliteLedger({ path: ':memory:' })
        const world = await modelWorld({ ledger, seed, weather: STORM, readable })
        const outcomes = await world.clock.until(
          Promise.all([world.publish('a'), world.publish('b')]),
        )
        await world.pass(12 * HOURS)
        const state = await world.number()
        const held = world.upstream.keys.get('1')?.fingerprint ?? null
        const told = `seed ${seed}: ${outcomes.join(', ')}; writes ${world.upstream.writes.join(' ')}`
        expect(state.doubt, told).toBeNull()
        expect(state.writing, told).toBeNull()
        expect(state.queued, told).toBeNull()
        if (readable && state.observed !== null) {
          expect(state.observed.fingerprint, told).toBe(held)
        }
        expect(state.desired?.acceptedAt, told).not.toBeNull()
        expect(state.desired?.fingerprint ?? null, told).toBe(held)
        await ledger.close()
      }
    })
  }
})
