import * as fc from 'fast-check'
import { expect } from 'vitest'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { type Fleet, fleetWorld } from './fleet-world.ts'
import type { FleetStorage } from './storage.ts'

const SECONDS = 1_000
const MINUTES = 60 * SECONDS
const HOURS = 60 * MINUTES
const COMMANDS_MAX = 10
const LEAP_MS = 4 * HOURS
/** Of the machine's time, for a story of a second. */
const STORY_MAX_MS = MINUTES
/** As many stories as have everything in them. */
const MANY = 200

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
  | {
      readonly do: 'publish a key of the ring'
      readonly index: number
      readonly which: number
      readonly byId: boolean
    }
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
    arbitrary: fc.record({
      do: fc.constant('publish a key of the ring' as const),
      index,
      which,
      byId: fc.boolean(),
    }),
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

/** How far a story leaps back, milliseconds. */
function leaptBack(commands: readonly Command[]): number {
  return commands.reduce((sum, each) => sum + (each.do === 'leap' ? Math.max(0, -each.ms) : 0), 0)
}

async function carryOut(fleet: Fleet, each: Command): Promise<void> {
  switch (each.do) {
    case 'publish':
      return fleet.begin(() => fleet.publish(each.index, each.key))
    case 'publish a key of the ring':
      return fleet.begin(() => fleet.publishRingKey(each))
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

const story = fc.record({
  commands: fc.array(command, { minLength: 3, maxLength: COMMANDS_MAX }),
  seed: fc.nat(),
})
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never

/** What a story has come to. */
interface Outcome {
  readonly violated: readonly string[]
  readonly running: readonly unknown[]
  readonly failures: readonly unknown[]
  readonly tally: Readonly<Record<'looked' | 'deleted' | 'destroyed', number>>
}

async function tell(fleet: Fleet, { commands }: Story): Promise<Outcome> {
  await fleet.clock.until(fleet.rotate('per-number', false))
  await fleet.pass(MINUTES)
  for (const each of commands) {
    await carryOut(fleet, each)
    await fleet.check()
  }
  fleet.upstream.weather = CALM
  // What was asked for last gets under way.
  await fleet.clock.advance(2 * MINUTES)
  // Until it is as late again as it has been, and then the last look at an outcome that nobody knows.
  await fleet.pass(leaptBack(commands) + 2 * HOURS)
  // What nobody remembers is asked of the disk.
  await fleet.crash()
  await fleet.check()
  return {
    violated: await fleet.custody.violated(),
    running: await fleet.unfinished(),
    failures: fleet.failures(),
    tally: {
      looked: fleet.custody.looked,
      deleted: await fleet.countOf('key.deleted'),
      destroyed: await fleet.countOf('key.destroyed'),
    },
  }
}

/** @throws Error where a story does not end */
async function inTime<T>(told: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`It does not end in ${STORY_MAX_MS / SECONDS} s`)),
    STORY_MAX_MS,
  )
  try {
    return await Promise.race([told, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Lets happen to fleets whatever may: never may an upstream have a key whose private half is not stored, and opens. Where
 * it is lost, every message that is encrypted for the key is unreadable, for good.
 */
export async function tellStories(
  open: () => Promise<FleetStorage>,
  { stories, seed }: { readonly stories: number; readonly seed: number },
): Promise<void> {
  process.stdout.write(`${stories} stories of seed ${seed} (FLEET_SEED)\n`)
  const tally = { looked: 0, deleted: 0, destroyed: 0 }
  await fc.assert(
    fc.asyncProperty(story, async (each) => {
      const storage = await open()
      try {
        const fleet = await fleetWorld({ storage, seed: each.seed, weather: STORM })
        const outcome = await inTime(tell(fleet, each))
        expect(outcome).toMatchObject({ violated: [], running: [], failures: [] })
        tally.looked += outcome.tally.looked
        tally.deleted += outcome.tally.deleted
        tally.destroyed += outcome.tally.destroyed
      } catch (error) {
        // Now, as what makes it shorter may take longer than there is time.
        process.stdout.write(`Failed: ${JSON.stringify(each)}: ${String(error)}\n`)
        throw error
      } finally {
        await storage.discard()
      }
    }),
    { numRuns: stories, seed },
  )
  process.stdout.write(`${JSON.stringify(tally)}\n`)
  // Or nothing would have been tried.
  if (stories >= MANY) expect(Math.min(...Object.values(tally))).toBeGreaterThan(0)
}
