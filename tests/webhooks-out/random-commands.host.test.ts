import { runDueTasks, taskHandlers } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Arrival,
  type DeliveryWorld,
  deliveryWorld,
  type Mood,
} from '../support/delivery-world.ts'
import { mortal } from '../support/mortal.ts'

const SECONDS = 1_000
const MINUTES = 60 * SECONDS
const HOURS = 60 * MINUTES
const RUNS = 100
const COMMANDS_MAX = 14
/** Longer than the schedule, so that everything has ended; shorter than what has ended is kept. */
const REST_MS = 5 * 24 * HOURS
const TIMEOUT_MS = 60_000
const SUBJECTS = ['tok_a', 'tok_b', 'tok_c']
const STORM: Mood = { refusals: 0.4, lostAnswers: 0.2 }

type Command =
  | { readonly do: 'tell'; readonly subject: string; readonly times: number }
  /** The process that sends dies after so many calls to the world outside. */
  | { readonly do: 'work and die'; readonly calls: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'turn'; readonly mood: Mood }

const steady: readonly fc.Arbitrary<Command>[] = [
  fc.record({
    do: fc.constant('tell'),
    subject: fc.constantFrom(...SUBJECTS),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 10 * SECONDS }) }),
  fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 3 * HOURS }) }),
  fc.record({
    do: fc.constant('turn'),
    mood: fc.record({
      refusals: fc.constantFrom(0, STORM.refusals, 1),
      lostAnswers: fc.constant(0),
    }),
  }),
]
const stormy: readonly fc.Arbitrary<Command>[] = [
  ...steady,
  fc.record({ do: fc.constant('work and die'), calls: fc.nat({ max: 25 }) }),
  fc.record({ do: fc.constant('turn'), mood: fc.constant(STORM) }),
]

interface Story {
  readonly commands: readonly Command[]
  readonly seed: number
}

function storiesOf(kinds: readonly fc.Arbitrary<Command>[]): fc.Arbitrary<Story> {
  const commands = fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: COMMANDS_MAX })
  return fc.record({ commands, seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }) })
}

async function tell(world: DeliveryWorld, command: Command): Promise<void> {
  switch (command.do) {
    case 'tell':
      for (let count = 0; count < command.times; count += 1) await world.tell(command.subject)
      return
    case 'work and die': {
      const doomed = mortal(world.services, command.calls)
      void runDueTasks(doomed, world.ledger, taskHandlers, { limit: 10 })
      await world.clock.advance(0)
      return
    }
    case 'pass':
      await world.pass(command.ms)
      return
    case 'turn':
      world.mood = command.mood
  }
}

/** Plays a story, then lets everything come to its end. */
async function play({ commands, seed }: Story): Promise<DeliveryWorld> {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await deliveryWorld({ ledger, seed })
  for (const command of commands) await tell(world, command)
  world.mood = { refusals: 0, lostAnswers: 0 }
  await world.pass(REST_MS)
  return world
}

function of(subject: string, arrivals: readonly Arrival[]): readonly number[] {
  return arrivals.filter((each) => each.subject === subject).map(({ sequence }) => sequence)
}

/** What was told of a subject, but for what nobody would take. */
async function toldOf(world: DeliveryWorld, subject: string): Promise<readonly number[]> {
  const dead = (await world.deliveries())
    .filter(({ status, event }) => status === 'dead' && event.subject === subject)
    .map(({ event }) => event.sequence)
  const { items } = await world.services.ledger.events({ subject, limit: 200 })
  return items.map(({ sequence }) => sequence).filter((sequence) => !dead.includes(sequence))
}

describe('whatever receivers do', () => {
  test(
    'each event is taken once, in the order of its subject',
    () =>
      fc.assert(
        fc.asyncProperty(storiesOf(steady), async (story) => {
          const world = await play(story)
          const taken = world.arrivals.filter(({ isTaken }) => isTaken)
          for (const subject of SUBJECTS) {
            expect(of(subject, taken)).toEqual(await toldOf(world, subject))
          }
          await world.services.ledger.close()
        }),
        { numRuns: RUNS },
      ),
    TIMEOUT_MS,
  )

  test(
    'each event is taken, and none before an earlier one, though senders die and answers get lost',
    () =>
      fc.assert(
        fc.asyncProperty(storiesOf(stormy), async (story) => {
          const world = await play(story)
          const pending = (await world.deliveries()).filter(({ status }) => status === 'pending')
          expect(pending).toEqual([])
          const taken = world.arrivals.filter(({ isTaken }) => isTaken)
          for (const subject of SUBJECTS) {
            const first = [...new Set(of(subject, taken))]
            expect(first).toEqual(expect.arrayContaining([...(await toldOf(world, subject))]))
            const all = of(subject, world.arrivals)
            expect(all).toEqual(all.toSorted((one, other) => one - other))
          }
          await world.services.ledger.close()
        }),
        { numRuns: RUNS },
      ),
    TIMEOUT_MS,
  )
})
