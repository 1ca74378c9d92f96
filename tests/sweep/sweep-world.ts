import {
  createConnection,
  createNumber,
  type Event,
  type Fault,
  intervalsOf,
  lazyInspector,
  type NumberState,
  publishKey,
  type RegisteredProvider,
  readNumber,
  runDueTasks,
  type Services,
  taskHandlers,
  type Upstream,
  createPace,
} from '@latchkey/core'
import { seededRandom, SimClock } from '@latchkey/core/testing'
import { ed25519Signer, rsaKeyMaker, signWebhook } from '@latchkey/crypto'
import { continuesChain } from '@latchkey/ledger'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import * as z from 'zod'
import { CALM, modelProvider, ModelUpstream } from '../support/model-upstream.ts'
import { keyNamed } from '../support/model-world.ts'
import { noCourier } from '../support/no-courier.ts'

const START = Date.UTC(2026, 9, 20)
export const ACTOR = { kind: 'system', id: 'test' } as const

export interface Call {
  readonly at: number
  readonly upstreamId: string
  readonly writes: boolean
}

export interface SweepOptions {
  readonly sweepSeconds?: number
  readonly readable?: boolean
}

export type SweepWorld = Awaited<ReturnType<typeof sweepWorld>>

/** Numbers of a model upstream, in time that stands still until moved, with every call that is made. */
export async function sweepWorld({ sweepSeconds, readable = true }: SweepOptions = {}) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const random = seededRandom(1)
  const clock = new SimClock(START)
  const model = new ModelUpstream(clock, random, CALM)
  const calls: Call[] = []
  /** Makes calls fail, where it says so. */
  const trouble: { strike(call: Call): Fault | null } = { strike: () => null }
  const upstream: Upstream = {
    timeoutMs: model.timeoutMs,
    servedCertificate: null,
    pace: createPace(),
    admit: () => undefined,
    async perform(call) {
      const { path, method } = await call.exchange.request(call.input, null)
      const made = { at: clock.now(), upstreamId: path[0] ?? '', writes: method === 'POST' }
      calls.push(made)
      const fault = trouble.strike(made)
      if (fault !== null) throw fault
      return model.perform(call)
    },
  }
  const services: Services = {
    ledger,
    chain: { continues: continuesChain },
    upstream,
    clock,
    random,
    sealer: {
      seal: (plaintext) => Promise.resolve(plaintext),
      open: (sealed) => Promise.resolve(sealed),
    },
    signer: ed25519Signer,
    signWebhook,
    courier: noCourier,
    keyMaker: rsaKeyMaker,
    intervals: intervalsOf(
      sweepSeconds === undefined ? {} : { LATCHKEY_SWEEP_SECONDS: String(sweepSeconds) },
    ),
    inspector: lazyInspector(() => import('@latchkey/x509')),
    providers: new Map([['model', repairable(readable)]]),
    logger: { log: () => undefined },
  }

  return {
    ledger,
    clock,
    services,
    model,
    calls,
    trouble,
    connect: async (config: Readonly<Record<string, string | number>> = {}) => {
      const draft = { provider: 'model', name: 'model', config, credentials: { secret: 'none' } }
      return (await createConnection(services, { actor: ACTOR }, draft)).id
    },
    add: async (connectionId: string, upstreamId: string) => {
      const draft = { connectionId, upstreamId, label: null }
      return (await createNumber(services, { actor: ACTOR }, draft)).id
    },
    publish: (numberId: string, name: string) =>
      clock.until(
        publishKey(services, ACTOR, { numberId, publicKey: keyNamed(name), verify: true }),
      ),
    number: async (id: string): Promise<NumberState> => (await readNumber(services, id)).state,
    /** The types of a number's events, the oldest first. */
    async told(numberId: string): Promise<readonly string[]> {
      const { items } = await ledger.events({ subject: numberId, limit: 200 })
      return items.map(({ type }: Event) => type)
    },
    /** Lets time pass, doing at each step what has come due. */
    async pass(ms: number, stepMs = 60_000) {
      const until = clock.now() + ms
      while (clock.now() < until) {
        await clock.advance(Math.min(stepMs, until - clock.now()))
        let taken: number
        do {
          taken = await clock.until(runDueTasks(services, ledger, taskHandlers, { limit: 100 }))
        } while (taken > 0)
      }
    },
    close: () => ledger.close(),
  }
}

function repairable(readable: boolean): RegisteredProvider {
  const provider = {
    ...modelProvider(readable),
    config: z.strictObject({
      maxConcurrent: z.number().default(16),
      repair: z.string().optional(),
      repairsPerDay: z.number().optional(),
    }),
  }
  return { ...provider, load: () => Promise.resolve(provider) }
}
