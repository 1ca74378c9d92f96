import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'

const SECONDS = 1_000
const HOURS = 3_600 * SECONDS
const DAYS = 24 * HOURS
const RUNS = 200
const COMMANDS_MAX = 14
/** Longer than every overlap, and every look that is left. */
const REST_MS = 3 * DAYS

const STORM: Weather = {
  lostAnswers: 0.15,
  delayedWrites: 0.15,
  delayMs: 240 * SECONDS,
  lostWrites: 0.1,
  refusals: 0.1,
  failedReads: 0.2,
}

type Command =
  | { readonly do: 'add' | 'publish' | 'remove'; readonly key: string }
  /** The process that does it dies after so many calls. */
  | {
      readonly do: 'publish and die' | 'remove and die'
      readonly key: string
      readonly calls: number
    }
  | { readonly do: 'pass'; readonly ms: number }
  /** Many at one key, close upon one another. */
  | { readonly do: 'crowd'; readonly key: string; readonly all: readonly Visit[] }

interface Visit {
  readonly do: 'add' | 'publish' | 'remove'
  readonly after: number
}

const key = fc.constantFrom('a', 'b')
const calls = fc.nat({ max: 10 })
const crowd = fc.array(
  fc.record({
    do: fc.constantFrom('add', 'publish', 'remove', 'remove'),
    after: fc.nat({ max: 200 }),
  }),
  { minLength: 2, maxLength: 6 },
)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crowd'), key, all: crowd }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('publish'), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove'), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add'), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish and die'), key, calls }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove and die'), key, calls }) },
  // Within a few calls to the ledger, within a write, within an overlap, or beyond.
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 150 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 2 * SECONDS }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 30 * HOURS }) }) },
)

const story = fc.record({
  commands: fc.array(command, { maxLength: COMMANDS_MAX }),
  seed: fc.nat(),
  readable: fc.boolean(),
  isStormy: fc.boolean(),
  // At once, as good as, so that much is destroyed between; or only after the story is over.
  destroyAfterMs: fc.constantFrom(60 * SECONDS, 30 * DAYS),
})

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never

const OUTCOMES = [
  'done',
  'conflict',
  'not_found',
  'upstream_rejected',
  'upstream_timeout',
  'upstream_unavailable',
]

/** The publisher dies when it has claimed its write, and before it found out that the key was deleted meanwhile. */
const CLAIMED_TOO_LATE: Story = {
  commands: [
    // These two only have the ledger take the time that it takes.
    { do: 'remove', key: 'b' },
    { do: 'remove', key: 'b' },
    { do: 'publish and die', key: 'a', calls: 6 },
    { do: 'pass', ms: 62 },
    { do: 'pass', ms: 141 },
    { do: 'remove', key: 'a' },
    { do: 'publish', key: 'a' },
  ],
  seed: 151_234_488,
  readable: false,
  isStormy: false,
  destroyAfterMs: 60 * SECONDS,
}

/** Carries the commands out, side by side where no time passes between them, and lets all come to rest. */
async function play({ commands, isStormy, ...options }: Story): Promise<RingWorld> {
  const world = await ringWorld({ ...options, weather: isStormy ? STORM : CALM })
  const { services } = world
  for (const name of ['a', 'b']) await world.clock.until(world.add(name))
  const outcomes: Promise<string>[] = []
  const visit = { add: world.add, publish: world.publishById, remove: world.remove }
  for (const each of commands) {
    switch (each.do) {
      case 'add':
      case 'publish':
      case 'remove':
        outcomes.push(visit[each.do](each.key))
        break
      case 'crowd':
        for (const { do: what, after } of each.all) {
          outcomes.push(visit[what](each.key))
          await world.pass(after)
        }
        break
      case 'publish and die':
        void world.publishById(each.key, mortal(services, each.calls))
        break
      case 'remove and die':
        void world.remove(each.key, mortal(services, each.calls))
        break
      case 'pass':
        await world.pass(each.ms)
        break
    }
  }
  world.upstream.weather = CALM
  // First what was just begun commits what is to be done about it later.
  await world.pass(SECONDS)
  await world.pass(REST_MS)
  for (const outcome of await Promise.all(outcomes)) expect(OUTCOMES).toContain(outcome)
  return world
}

describe('whoever deletes and whoever publishes a key at the same time', () => {
  test('never is a key deleted that a number then has, and none stays closed', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const world = await play(told)
        expect(world.violations).toEqual([])
        expect((await world.keys()).filter(({ closing }) => closing !== null)).toEqual([])
        await world.close()
      }),
      { numRuns: RUNS, examples: [[CLAIMED_TOO_LATE]] },
    )
  }, 120_000)
})
