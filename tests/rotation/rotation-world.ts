import {
  createNumber,
  publishKey,
  readNumber,
  runDueTasks,
  type Services,
  type StripeState,
  taskHandlers,
} from '@latchkey/core'
import {
  cancelRotation,
  readRotation,
  retryRotation,
  rollbackRotation,
  startRotation,
} from '@latchkey/core/rotation'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { NamedPairs } from '../fleet/custody.ts'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'

const BY = { actor: { kind: 'system', id: 'test' } } as const
const OVERLAP_MS = 5 * 60_000

/** A connection with numbers, of which a rotation is made. */
export async function rotationWorld(count: number) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const keyMaker = new NamedPairs()
  const options = { ledger, seed: 1, weather: CALM, readable: true, keyMaker }
  const world = await modelWorld(options)
  const { services, numberId } = world
  const { connectionId } = (await readNumber(services, numberId)).state
  const numberIds = [numberId]
  for (let index = 2; index <= count; index += 1) {
    const draft = { connectionId, upstreamId: String(index), label: null }
    numberIds.push((await createNumber(services, BY, draft)).id)
  }
  return {
    ...world,
    ledger,
    numberIds,
    async start(generate: 'per-number' | 'shared' = 'shared', by: Services = services) {
      const wanted = { selector: { connectionId }, key: { generate }, overlapMs: OVERLAP_MS }
      return (await startRotation(by, BY, wanted)).id
    },
    /** As a request starts one whose idempotency key somebody else has claimed meanwhile. */
    startTooLate: () =>
      startRotation(
        services,
        {
          ...BY,
          receipt: { id: 'a', holder: 'b', render: () => ({ status: 202, headers: {}, body: '' }) },
        },
        { selector: { connectionId }, key: { generate: 'shared' }, overlapMs: OVERLAP_MS },
      ),
    cancel: (id: string) => cancelRotation(services, BY, id),
    rollback: (id: string) => rollbackRotation(services, BY, id),
    publishTo: (id: string, name: string) =>
      publishKey(services, BY.actor, { numberId: id, publicKey: keyNamed(name), verify: true }),
    /** What is due, begun. */
    work: () => runDueTasks(services, ledger, taskHandlers, { limit: 10 }),
    rotation: (id: string) => readRotation(services, id),
    retry: (id: string, by: Services = services) => retryRotation(by, BY, id),
    async stripes() {
      const { items } = await ledger.list<StripeState>({ kind: 'stripe', limit: 50 })
      return items.map(({ state }) => state)
    },
  }
}
