import { createNumber, HOUR, readNumber, type RunState, type TriggerState } from '@latchkey/core'
import { createTrigger, fireTrigger } from '@latchkey/core/triggers'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const NUMBERS = 1_010
/** So many ids fit into a row of the ledger, of 256 KiB, twice. */
const IDS_MAX = 2_000

// A row that is to hold the ids of all numbers cannot be stored, and the run comes to nothing.
test('a run over many numbers keeps few of their ids at a time', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { services, numberId } = world
  const { connectionId } = (await readNumber(services, numberId)).state
  for (let index = 2; index <= NUMBERS; index += 1) {
    const draft = { connectionId, upstreamId: String(index), label: null }
    await createNumber(services, { actor: ACTOR }, draft)
  }
  const trigger: TriggerState = {
    id: 'trg_0000000000000000',
    name: 'test',
    action: 'refresh',
    target: { connectionId },
    rotation: null,
    connections: [connectionId],
    secrets: [],
    deployed: null,
    createdAt: 0,
    updatedAt: 0,
  }
  await createTrigger(services, { actor: ACTOR }, trigger)
  let most = 0
  Object.assign(services, {
    ledger: {
      ...ledger,
      mutate: (...[key, decide]: Parameters<typeof ledger.mutate<RunState, unknown>>) =>
        ledger.mutate<RunState, unknown>(key, (state, version) => {
          const decision = decide(state, version)
          if (key.kind === 'run') most = Math.max(most, decision.next?.left?.length ?? 0)
          return decision
        }),
    },
  })
  const { id } = await fireTrigger(services, trigger, { digest: 'a'.repeat(64), payload: null })
  await world.pass(HOUR)
  const run = await ledger.read<RunState>({ kind: 'run', id })
  expect(run?.state).toMatchObject({ done: NUMBERS, failed: 0, problem: null })
  expect(most).toBeLessThan(IDS_MAX / 2)
  await ledger.close()
})
