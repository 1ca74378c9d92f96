import { DAY, HOUR, MINUTE, runDueTasks, SECOND, taskHandlers } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import { LISTED, SLOTS } from '../support/certificate-provider.ts'
import { expectAtRest, expectSlotsAgree } from '../support/certificate-rest.ts'
import { type CertificateWorld, certificateWorld } from '../support/certificate-world.ts'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'

const RUNS = 150
const COMMANDS_MAX = 12
/** Longer than anything is looked for, and a daily reading. */
const REST_MS = 2 * DAY + HOUR

const STORM: Weather = {
  lostAnswers: 0.15,
  delayedWrites: 0.15,
  delayMs: 5 * MINUTE,
  lostWrites: 0.15,
  refusals: 0.1,
  failedReads: 0.2,
}

type Command =
  | { readonly do: 'upload' | 'apply'; readonly calls: number | null; readonly activate: boolean }
  | { readonly do: 'remove' | 'activate'; readonly which: number; readonly calls: number | null }
  | { readonly do: 'refresh' | 'settle'; readonly calls: number | null }
  | { readonly do: 'pass'; readonly ms: number }

/** After how many calls its process dies; null: it lives. */
const calls = fc.option(fc.nat({ max: 25 }), { freq: 1 })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('upload'), calls, activate: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refresh'), calls }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle'), calls }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: SECOND }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 8 * MINUTE }) }) },
)
const ofMany: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: command },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('apply'), calls, activate: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove'), which: fc.nat(), calls }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('activate'), which: fc.nat(), calls }) },
)

interface Story {
  readonly commands: readonly Command[]
  readonly seed: number
}

const storyOf = (one: fc.Arbitrary<Command>): fc.Arbitrary<Story> =>
  fc.record({ commands: fc.array(one, { maxLength: COMMANDS_MAX }), seed: fc.nat() })

/** Carries the commands out, each beside the others; the upload's place in the story is its name. */
async function play(world: CertificateWorld, commands: readonly Command[]): Promise<void> {
  for (const [index, each] of commands.entries()) {
    if (each.do === 'pass') {
      await world.pass(each.ms)
      continue
    }
    const by = each.calls === null ? world.services : mortal(world.services, each.calls)
    switch (each.do) {
      case 'upload':
        void world.upload(`c${index}.pem`, { by, ...optionsOf(world, each) })
        break
      case 'apply':
        void world.apply(`domain-${index % 2}.example`, by)
        break
      case 'refresh':
        void world.refresh(by)
        break
      case 'settle':
        void runDueTasks(by, world.ledger, taskHandlers, { limit: 10 })
        break
      case 'remove':
      case 'activate': {
        const all = await world.certificates()
        const chosen = all[each.which % Math.max(all.length, 1)]
        if (chosen !== undefined) void world[each.do](chosen.id, by)
        break
      }
    }
  }
  await world.pass(MINUTE)
  world.upstream.weather = CALM
  await world.pass(REST_MS)
}

/** Put in use where that can be; else for the other slot. */
function optionsOf({ lists }: CertificateWorld, { activate }: { readonly activate: boolean }) {
  if (lists) return { activate }
  return { purpose: activate ? ('webhook-ca' as const) : ('server' as const) }
}

describe('whatever is done to certificates, and whoever dies of it', () => {
  test('each is brought to an upstream that lists them once or never, and both sides end alike', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(ofMany), async ({ commands, seed }) => {
        const ledger = await openSqliteLedger({ path: ':memory:' })
        const world = await certificateWorld({ ledger, seed, weather: STORM, kinds: LISTED })
        await play(world, commands)
        await expectAtRest(world)
        await ledger.close()
      }),
      { numRuns: RUNS },
    )
  })

  test('a slot that is overwritten holds the last that was taken', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(command), async ({ commands, seed }) => {
        const ledger = await openSqliteLedger({ path: ':memory:' })
        const world = await certificateWorld({ ledger, seed, weather: STORM, kinds: SLOTS })
        await play(world, commands)
        await expectSlotsAgree(world)
        await ledger.close()
      }),
      { numRuns: RUNS },
    )
  })
})
