import { nextSweep, runDueTasks, taskHandlers } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkedLedger } from '../support/checked-ledger.ts'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { keyNamed, type ModelWorld, modelWorld } from '../support/model-world.ts'
import { mortal } from '../support/mortal.ts'

const SECONDS = 1_000
const MINUTES = 60 * SECONDS
const HOURS = 60 * MINUTES
const RUNS = 150
const COMMANDS_MAX = 12
const LEAP_MS = 4 * HOURS
/** Longer than all leaps back of one story together, and then every look that is left. */
const REST_MS = COMMANDS_MAX * LEAP_MS + 20 * HOURS

const STORM: Weather = {
  lostAnswers: 0.15,
  delayedWrites: 0.15,
  delayMs: 4 * MINUTES,
  lostWrites: 0.1,
  refusals: 0.1,
  failedReads: 0.2,
}
/** Where the clock leaps, nobody can tell how long ago a write was sent that is still to arrive. */
const WITHOUT_DELAYS: Weather = { ...STORM, delayedWrites: 0, lostWrites: 0.25 }

type Command =
  | { readonly do: 'publish'; readonly key: string; readonly verify: boolean }
  /** The process that does it dies after so many calls. */
  | { readonly do: 'publish and die'; readonly key: string; readonly calls: number }
  | { readonly do: 'settle and die'; readonly calls: number }
  | { readonly do: 'pass' | 'leap'; readonly ms: number }
  | { readonly do: 'read' | 'somebody else writes' }

const key = fc.constantFrom('a', 'b', 'c')
const calls = fc.nat({ max: 10 })
const STEADY: readonly fc.Arbitrary<Command>[] = [
  fc.record({ do: fc.constant('publish'), key, verify: fc.boolean() }),
  fc.record({ do: fc.constant('read') }),
  // Within a call, or beyond.
  fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: SECONDS }) }),
  fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 6 * MINUTES }) }),
  fc.record({ do: fc.constant('publish and die'), key, calls }),
  fc.record({ do: fc.constant('settle and die'), calls }),
]
const UNSTEADY: readonly fc.Arbitrary<Command>[] = [
  ...STEADY,
  fc.record({ do: fc.constant('leap'), ms: fc.integer({ min: -LEAP_MS, max: LEAP_MS }) }),
  fc.record({ do: fc.constant('somebody else writes') }),
]
const OUTCOMES = ['done', 'conflict', 'upstream_timeout', 'upstream_rejected']

interface Story {
  readonly commands: readonly Command[]
  readonly seed: number
  readonly readable: boolean
}

const storyOf = (commands: readonly fc.Arbitrary<Command>[]): fc.Arbitrary<Story> =>
  fc.record({
    commands: fc.array(fc.oneof(...commands), { maxLength: COMMANDS_MAX }),
    seed: fc.nat(),
    readable: fc.boolean(),
  })

/** Carries the commands out, lets all come to rest, and gives what is left to the test. */
async function play(
  { commands, seed, readable }: Story,
  weather: Weather,
  judge: (world: ModelWorld) => Promise<void>,
): Promise<void> {
  const { ledger, complaints } = checkedLedger(await openSqliteLedger({ path: ':memory:' }))
  const world = await modelWorld({ ledger, seed, weather, readable })
  const publishes: Promise<string>[] = []
  for (const command of commands) {
    switch (command.do) {
      case 'publish':
        publishes.push(world.publish(command.key, { verify: command.verify }))
        break
      case 'read':
        void world.read()
        break
      case 'publish and die':
        void world.publish(command.key, { by: mortal(world.services, command.calls) })
        break
      case 'settle and die': {
        const dying = mortal(world.services, command.calls)
        void runDueTasks(dying, ledger, taskHandlers, { limit: 10 })
        break
      }
      case 'pass':
        await world.pass(command.ms)
        break
      case 'leap':
        world.clock.jump(command.ms)
        break
      case 'somebody else writes':
        world.upstream.keys.set('1', keyNamed('foreign'))
        break
    }
  }
  world.upstream.weather = CALM
  await world.pass(REST_MS)
  for (const outcome of await Promise.all(publishes)) expect(OUTCOMES).toContain(outcome)
  expect(complaints).toEqual([])
  expect(await world.number()).toMatchObject({ queued: null, writing: null, doubt: null })
  const { services, numberId, clock } = world
  const regular = nextSweep(numberId, services.intervals.sweepMs, clock.now())
  expect(await ledger.nextDue()).toBe(readable ? regular : null)
  // Even a storm may last for all the times that a key is sent.
  const unresolved = await ledger.events({ type: 'key.publish_unresolved', limit: 1 })
  if (unresolved.items.length === 0) await judge(world)
  await ledger.close()
}

describe('whatever is done to a number', () => {
  test('its steps keep their rules, one write is under way at a time, and both sides end alike', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(STEADY), (story) =>
        play(story, STORM, async (world) => {
          expect(world.upstream.mostWritesAtOnce).toBeLessThanOrEqual(1)
          const { desired, observed, epoch } = await world.number()
          const held = world.upstream.keys.get('1')?.fingerprint
          expect(desired?.fingerprint).toBe(held)
          expect(desired?.acceptedAt).not.toBeNull()
          if (observed?.epoch === epoch) expect(observed.fingerprint ?? undefined).toBe(held)
        }),
      ),
      { numRuns: RUNS },
    )
  })

  test('and to its clock, and to its key behind our back: it keeps its rules and comes to rest', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(UNSTEADY), (story) =>
        play(story, WITHOUT_DELAYS, async (world) => {
          if (story.commands.some((each) => each.do === 'somebody else writes')) return
          const { desired } = await world.number()
          expect(desired?.fingerprint).toBe(world.upstream.keys.get('1')?.fingerprint)
        }),
      ),
      { numRuns: RUNS },
    )
  })
})
