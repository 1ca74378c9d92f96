import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { type Fleet, fleetWorld } from './fleet-world.ts'

const SECONDS = 1_000
const MINUTES = 60 * SECONDS
const HOURS = 60 * MINUTES
const SCHEDULES = 2_000
const COMMANDS_MAX = 10
const LEAP_MS = 4 * HOURS
const TIMEOUT_MS = 600_000

const STORM: Weather = {
  lostAnswers: 0.1,
  delayedWrites: 0.1,
  delayMs: 4 * MINUTES,
  lostWrites: 0.1,
  refusals: 0.1,
  failedReads: 0.15,
}

type Command =
  | { readonly do: 'publish'; readonly index: number; readonly key: string }
  | { readonly do: 'publish a key of the ring'; readonly index: number; readonly which: number }
  | { readonly do: 'delete a key of the ring'; readonly which: number }
  | {
      readonly do: 'rotate'
      readonly generate: 'per-number' | 'shared'
      readonly few: boolean
    }
  | { readonly do: 'cancel' | 'retry' | 'roll back'; readonly which: number }
  | { readonly do: 'work'; readonly twice: boolean }
  /** With or without what falls due meanwhile being done. */
  | { readonly do: 'pass' | 'pass with work' | 'leap'; readonly ms: number }
  | { readonly do: 'crash' }

const index = fc.nat({ max: 5 })
const which = fc.nat({ max: 3 })
const command = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      index,
      key: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('publish a key of the ring' as const), index, which }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delete a key of the ring' as const),
      which: fc.nat({ max: 11 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('rotate' as const),
      generate: fc.constantFrom('per-number' as const, 'shared' as const),
      few: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel' as const, 'retry' as const, 'roll back' as const),
      which,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('work' as const), twice: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 2 * SECONDS }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass with work' as const),
      ms: fc.nat({ max: 30 * MINUTES }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('leap' as const),
      ms: fc.integer({ min: -LEAP_MS, max: LEAP_MS }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
)

async function carryOut(fleet: Fleet, each: Command): Promise<void> {
  switch (each.do) {
    case 'publish':
      return fleet.begin(() => fleet.publish(each.index, each.key))
    case 'publish a key of the ring':
      return fleet.begin(() => fleet.publishRingKey(each.index, each.which))
    case 'delete a key of the ring':
      return fleet.begin(() => fleet.deleteRingKey(each.which))
    case 'rotate':
      return fleet.begin(() => fleet.rotate(each.generate, each.few))
    case 'cancel':
      return fleet.begin(() => fleet.cancel(each.which))
    case 'retry':
      return fleet.begin(() => fleet.retry(each.which))
    case 'roll back':
      return fleet.begin(() => fleet.rollback(each.which))
    case 'work':
      return fleet.begin(() => fleet.work(each.twice))
    case 'pass':
      return fleet.clock.advance(each.ms)
    case 'pass with work':
      return fleet.pass(each.ms)
    case 'leap':
      return fleet.clock.jump(each.ms)
    case 'crash':
      return fleet.crash()
  }
}

describe('whatever happens to a fleet', () => {
  // A key whose private half is lost makes every message encrypted for it unreadable, for good.
  test(
    'no upstream ever has a key whose private half is not stored, and opens',
    async () => {
      const seed = Number(process.env['FLEET_SEED'] ?? Date.now() % 2 ** 31)
      process.stdout.write(`${SCHEDULES} schedules of seed ${seed} (FLEET_SEED)\n`)
      const story = fc.record({
        commands: fc.array(command, { minLength: 3, maxLength: COMMANDS_MAX }),
        seed: fc.nat(),
      })
      const tally = { published: 0, deleted: 0, destroyed: 0 }
      await fc.assert(
        fc.asyncProperty(story, async ({ commands, seed: chance }) => {
          const fleet = await fleetWorld({ seed: chance, weather: STORM })
          await fleet.clock.until(fleet.rotate('per-number', false))
          await fleet.pass(MINUTES)
          for (const each of commands) {
            await carryOut(fleet, each)
            fleet.check()
          }
          fleet.upstream.weather = CALM
          // What was asked for last gets under way.
          await fleet.clock.advance(2 * MINUTES)
          // Longer than all leaps back of one story together, and then the last look at an outcome that nobody knows.
          await fleet.pass(COMMANDS_MAX * LEAP_MS + 2 * HOURS)
          fleet.check()
          const running = await fleet.unfinished()
          tally.published += fleet.custody.required
          tally.deleted += await fleet.countOf('key.deleted')
          tally.destroyed += await fleet.countOf('key.destroyed')
          await fleet.close()
          expect(fleet.custody.violations).toEqual([])
          expect(running).toEqual([])
        }),
        { numRuns: SCHEDULES, seed },
      )
      process.stdout.write(`${JSON.stringify(tally)}\n`)
      // Or nothing would have been tried.
      expect(Math.min(tally.published, tally.deleted, tally.destroyed)).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )
})
