import {
  connectionPartition,
  createConnection,
  createNumber,
  readConnection,
  updateConnection,
} from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { CALM, modelProvider, registryOf } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const HERE = { host: 'here.example' }
const THERE = { host: 'there.example' }
const credentials = { secret: 'none' }

/** The model's provider, with the host in its config. */
function movableProvider() {
  const model = modelProvider(true)
  const config = z.strictObject({ host: z.string() })
  return {
    ...model,
    config,
    connect: (given: unknown) => ({
      ...model.connect(given, credentials),
      origin: {
        baseUrl: `https://${config.parse(given).host}`,
        hosts: { rule: 'operator' as const },
      },
    }),
  }
}

// Between the look at the connection and the number's commit, the connection goes to another host: a number that is
// taken at the old one alone could be added at the new one by another connection, and two would write to it.
test('a number is not added to a connection that has moved meanwhile', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const services = { ...world.services, providers: registryOf(movableProvider()) }
  const by = { actor: ACTOR }
  const connect = (config: typeof HERE) =>
    createConnection(services, by, { provider: 'model', name: 'model', config, credentials })
  const { id } = await connect(HERE)
  const draft = { connectionId: id, upstreamId: '7', label: null }

  const claimed = () =>
    ledger.claimReceipt(connectionPartition(id), {
      id: 'receipt',
      digest: 'digest',
      now: world.clock.now(),
      leaseMs: 60_000,
      keepMs: 60_000,
    })
  const claim = await claimed()
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome)
  const answer = { status: 201, headers: {}, body: '' }
  const receipt = { id: 'receipt', holder: claim.holder, render: () => answer }

  let moved = false
  const adding = createNumber(
    {
      ...services,
      ledger: {
        ...ledger,
        async mutate(key, decide) {
          if (key.kind === 'number' && !moved) {
            moved = true
            await updateConnection(services, by, { id, patch: { config: THERE, credentials } })
          }
          return ledger.mutate(key, decide)
        },
      },
    },
    { ...by, receipt },
    draft,
  )
  await expect(adding).rejects.toMatchObject({ code: 'conflict', retryable: true })
  expect((await readConnection(services, id)).config).toEqual(THERE)
  // A repeat is not to be told that it was made.
  expect(await claimed()).toMatchObject({ outcome: 'claimed' })

  const { id: other } = await connect(THERE)
  await createNumber(services, by, { ...draft, connectionId: other })
  await expect(createNumber(services, by, draft)).rejects.toMatchObject({ code: 'conflict' })
  await ledger.close()
})
