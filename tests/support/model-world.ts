import {
  createConnection,
  createNumber,
  isFault,
  intervalsOf,
  type KeyMaker,
  lazyInspector,
  type Ledger,
  type NumberState,
  publishKey,
  readKey,
  readNumber,
  runDueTasks,
  type Sealer,
  type Services,
  type SubmittedKey,
  type TaskQueue,
  taskHandlers,
} from '@latchkey/core'
import { seededRandom, SimClock } from '@latchkey/core/testing'
import { ed25519Signer, rsaKeyMaker, signWebhook } from '@latchkey/crypto'
import { continuesChain } from '@latchkey/ledger'
import { modelProvider, ModelUpstream, type Weather, registryOf } from './model-upstream.ts'
import { noCourier } from './no-courier.ts'

const START = Date.UTC(2026, 9, 20)
const ACTOR = { kind: 'system', id: 'test' } as const

/** Nothing here is a secret. */
const openSealer: Sealer = {
  seal: (plaintext) => Promise.resolve(plaintext),
  open: (sealed) => Promise.resolve(sealed),
}

export interface ModelWorld {
  readonly clock: SimClock
  readonly upstream: ModelUpstream
  readonly services: Services
  readonly numberId: string
  /** Publishes and says what came of it: `done`, or the code of the fault. */
  publish(
    name: string,
    options?: { readonly verify?: boolean; readonly by?: Services },
  ): Promise<string>
  /** Reads the key from the upstream, whatever comes of it. */
  read(by?: Services): Promise<void>
  number(): Promise<NumberState>
  /** Lets time pass, doing the due tasks as a poller would. */
  pass(ms: number): Promise<void>
}

/** One number on a model upstream over a real ledger, in time that stands still until moved. */
export async function modelWorld(options: {
  readonly ledger: Ledger & TaskQueue
  readonly seed: number
  readonly weather: Weather
  readonly readable: boolean
  /** Real pairs of RSA, if left out. */
  readonly keyMaker?: KeyMaker
}): Promise<ModelWorld> {
  const { ledger } = options
  const random = seededRandom(options.seed)
  const clock = new SimClock(START)
  const upstream = new ModelUpstream(clock, random, options.weather)
  const services: Services = {
    ledger,
    chain: { continues: continuesChain },
    upstream,
    clock,
    random,
    sealer: openSealer,
    signer: ed25519Signer,
    signWebhook,
    courier: noCourier,
    keyMaker: options.keyMaker ?? rsaKeyMaker,
    intervals: intervalsOf({}),
    inspector: lazyInspector(() => import('@latchkey/x509')),
    providers: registryOf(modelProvider(options.readable)),
    logger: { log: () => undefined },
  }
  const made = await createConnection(
    services,
    { actor: ACTOR },
    { provider: 'model', name: 'model', config: {}, credentials: { secret: 'none' } },
  )
  const draft = { connectionId: made.id, upstreamId: '1', label: null }
  const { id: numberId } = await createNumber(services, { actor: ACTOR }, draft)
  return {
    clock,
    upstream,
    services,
    numberId,
    async publish(name, { verify = true, by = services } = {}) {
      try {
        const publicKey = keyNamed(name)
        await publishKey(by, ACTOR, { numberId, publicKey, verify })
        return 'done'
      } catch (error) {
        if (!isFault(error)) throw error
        return error.code
      }
    },
    async read(by = services) {
      const { state } = await readNumber(services, numberId)
      await readKey(by, ACTOR, { number: state, fresh: true }).catch(() => null)
    },
    number: async () => (await readNumber(services, numberId)).state,
    async pass(ms) {
      const until = clock.now() + ms
      for (;;) {
        await clock.until(runDueTasks(services, ledger, taskHandlers, { limit: 10 }))
        const due = (await ledger.nextDue()) ?? until
        if (Math.max(due, clock.now()) >= until) break
        await clock.advance(Math.max(due - clock.now(), 1))
      }
      await clock.advance(until - clock.now())
    },
  }
}

export function keyNamed(name: string): SubmittedKey {
  return { pem: `PEM ${name}`, fingerprint: `sha256:${name}`, repairs: [] }
}
