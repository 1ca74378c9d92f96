import {
  codeOf,
  createConnection,
  createNumber,
  intervalsOf,
  lazyInspector,
  type Ledger,
  publishKey,
  readRingKey,
  runDueTasks,
  type Services,
  taskHandlers,
  createPace,
} from '@latchkey/core'
import { deleteKey } from '@latchkey/core/keyring'
import {
  type Selector,
  cancelRotation,
  retryRotation,
  rollbackRotation,
  startRotation,
} from '@latchkey/core/rotation'
import { seededRandom, SimClock } from '@latchkey/core/testing'
import { ed25519Signer, signWebhook } from '@latchkey/crypto'
import { continuesChain } from '@latchkey/ledger'
import { keyNamed } from '../support/model-world.ts'
import {
  modelProvider,
  ModelUpstream,
  registryOf,
  type Weather,
} from '../support/model-upstream.ts'
import { noCourier } from '../support/no-courier.ts'
import { Custody, NamedPairs, placeSealer } from './custody.ts'
import type { Due, FleetStorage, Reach } from './storage.ts'

/** So late that no alarm of an object is ever due by the machine's own clock. */
const START = Date.UTC(2100, 0, 1)
const ACTOR = { kind: 'system', id: 'test' } as const
const OVERLAP_MS = 5 * 60_000
/** While some time passes; some dozens are usual. */
const TURNS_MAX = 1_000
/** On either connection, the one that can be read and the one that cannot. */
const NUMBERS = 3

export type Fleet = Awaited<ReturnType<typeof fleetWorld>>

interface RingPublish {
  readonly index: number
  readonly which: number
  readonly byId: boolean
}

/** Two connections with numbers, in a storage that outlives the program. */
export async function fleetWorld({
  storage,
  seed,
  weather,
}: {
  readonly storage: FleetStorage
  readonly seed: number
  readonly weather: Weather
}) {
  const random = seededRandom(seed)
  const failures: unknown[] = []
  /** What is asked of the storage from without. */
  const outside = new Waiting()
  let life = { isDead: false, waiting: new Waiting() }
  const clock = new SimClock(START, async () => {
    let moves = false
    do {
      const stirs = await storage.stir(moves)
      moves = stirs || outside.count > 0 || life.waiting.count > 0
    } while (moves)
  })
  const upstream = new ModelUpstream(clock, random, weather)
  const pairs = new NamedPairs()
  const providers = new Map([
    ...registryOf(modelProvider(true)),
    ...registryOf({ ...modelProvider(false), id: 'blind' }),
  ])

  const incarnate = async (): Promise<{ ledger: Ledger; services: Services }> => {
    const mine = { isDead: false, waiting: new Waiting() }
    life = mine
    const servicesOver = (ledger: Ledger, reach: Reach): Services => ({
      ledger: living(ledger, mine),
      chain: { continues: continuesChain },
      upstream: {
        timeoutMs: upstream.timeoutMs,
        admit: () => undefined,
        perform: (call) => untilDead(mine, () => reach(() => upstream.perform(call))),
        servedCertificate: null,
        pace: createPace(),
      },
      clock: { now: () => clock.now(), sleep: (ms) => reach(() => clock.sleep(ms)) },
      random,
      sealer: placeSealer,
      signer: ed25519Signer,
      keyMaker: pairs,
      signWebhook,
      courier: noCourier,
      inspector: lazyInspector(() => import('@latchkey/x509')),
      intervals: intervalsOf({ LATCHKEY_DESTROY_AFTER_SECONDS: '600' }),
      providers,
      logger: {
        log(level, message, fields) {
          // A task that failed of a defect is tried again, and may well succeed then.
          if (level === 'error' && fields?.['code'] === 'internal' && !mine.isDead)
            failures.push({ message, fields })
        },
      },
    })
    /** Of a program, or of an object, there is one of each. */
    const running = new WeakMap<Ledger, Services>()
    const ledger = await storage.open(async (queue, own, reach) => {
      const known = running.get(own) ?? servicesOver(own, reach)
      running.set(own, known)
      await runDueTasks(known, queue, taskHandlers, { limit: 20 })
    })
    const services = servicesOver(ledger, (ask) => ask())
    running.set(ledger, services)
    return { ledger, services }
  }
  let { ledger, services } = await incarnate()
  const custody = new Custody(storage, placeSealer, pairs)
  upstream.beforeWrite = (upstreamId, key) =>
    outside.for(() => custody.require(key.fingerprint, `write to ${upstreamId}`))

  const numberIds: string[] = []
  for (const provider of ['model', 'blind']) {
    const draft = { provider, name: provider, config: {}, credentials: { secret: 'none' } }
    const { id } = await clock.until(createConnection(services, { actor: ACTOR }, draft))
    for (let index = 1; index <= NUMBERS; index += 1) {
      const number = { connectionId: id, upstreamId: `${provider}-${index}`, label: null }
      numberIds.push((await clock.until(createNumber(services, { actor: ACTOR }, number))).id)
    }
  }

  const rotations: string[] = []
  const by = { actor: ACTOR }
  const turn = async (due: readonly Due[]): Promise<void> => {
    const mine = life
    const ready = due.filter(({ at }) => at <= clock.now())
    await untilDead(mine, () => Promise.all(ready.map(({ queue }) => storage.turn(queue))))
  }
  return {
    clock,
    upstream,
    custody,
    /** Something that goes on by itself; a refusal is an answer too. */
    begin(work: () => Promise<unknown>) {
      const mine = life
      work().catch((error: unknown) => {
        // What the dead fail of is that they are.
        if (codeOf(error) === 'internal' && !mine.isDead) failures.push(error)
      })
    },
    /** What went wrong where nobody waited for an answer. */
    failures: () => [...failures, ...storage.failures],
    publish: (index: number, name: string) =>
      publishKey(services, ACTOR, {
        numberId: pick(numberIds, index),
        publicKey: keyNamed(name),
        verify: true,
      }),
    /** By its id, or as the PEM that it has been read as a moment ago. */
    async publishRingKey({ index, which, byId }: RingPublish) {
      const { items } = await ledger.list<{ readonly id: string }>({ kind: 'key', limit: 50 })
      if (items.length === 0) return
      const { id, pem, fingerprint } = await readRingKey(services, pick(items, which).id)
      await publishKey(services, ACTOR, {
        numberId: pick(numberIds, index),
        publicKey: { pem, fingerprint, repairs: [] },
        ...(byId ? { keyId: id } : {}),
        verify: true,
      })
    },
    async deleteRingKey(which: number) {
      const { items } = await ledger.list<{ readonly id: string }>({ kind: 'key', limit: 50 })
      if (items.length > 0) await deleteKey(services, by, pick(items, which).id)
    },
    async rotate(generate: 'per-number' | 'shared', few: boolean) {
      const selector: Selector = few ? { numbers: numberIds.slice(0, 2) } : {}
      const { id } = await startRotation(services, by, {
        selector,
        key: { generate },
        overlapMs: OVERLAP_MS,
      })
      rotations.push(id)
    },
    cancel: (which: number) => onOne(which, (id) => cancelRotation(services, by, id)),
    retry: (which: number) => onOne(which, (id) => retryRotation(services, by, id)),
    async rollback(which: number) {
      await onOne(which, async (id) => {
        rotations.push((await rollbackRotation(services, by, id)).id)
      })
    },
    /** Due tasks, done by two who do not know of each other where `twice`. */
    async work(twice: boolean) {
      const due = await storage.due()
      await Promise.all([turn(due), ...(twice ? [turn(due)] : [])])
    },
    async pass(ms: number) {
      const until = clock.now() + ms
      for (let turns = 0; ; turns += 1) {
        if (turns > TURNS_MAX)
          throw new Error(`Something stays due: ${TURNS_MAX} turns did not end it`)
        const due = await storage.due()
        const next = Math.max(Math.min(...due.map(({ at }) => at)), clock.now() + 1)
        if (next > until) break
        await clock.advance(next - clock.now())
        await clock.until(turn(due))
      }
      await clock.advance(until - clock.now())
    },
    /** The process is killed; another begins with what is on the disk. */
    async crash() {
      life.isDead = true
      await storage.kill()
      ;({ ledger, services } = await incarnate())
    },
    /** Rotations that still run. */
    async unfinished() {
      const running = { status: 'running' }
      const { items } = await ledger.list({ kind: 'rotation', where: running, limit: 50 })
      return items.map(({ state }) => state)
    },
    /** How many events of a type the log has. */
    async countOf(type: string) {
      return (await ledger.events({ type, limit: 1000 })).items.length
    },
    async check() {
      const keys = [...upstream.keys]
      await Promise.all(keys.map(([id, { fingerprint }]) => custody.require(fingerprint, id)))
    },
  }

  async function onOne(which: number, work: (id: string) => Promise<unknown>): Promise<void> {
    if (rotations.length > 0) await work(pick(rotations, which))
  }
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('Cannot choose: there are none')
  return item
}

const forever = new Promise<never>(() => undefined)

/** What a process that was killed asked for may still happen; it never hears of it. */
async function untilDead<T>(
  life: { readonly isDead: boolean },
  call: () => Promise<T>,
): Promise<T> {
  if (life.isDead) return forever
  try {
    const answer = await call()
    return life.isDead ? await forever : answer
  } catch (error) {
    if (life.isDead) return forever
    throw error
  }
}

interface Life {
  readonly isDead: boolean
  readonly waiting: Waiting
}

function living(ledger: Ledger, life: Life): Ledger {
  const { waiting } = life
  return {
    ...ledger,
    read: (key) => untilDead(life, () => waiting.for(() => ledger.read(key))),
    list: (query) => untilDead(life, () => waiting.for(() => ledger.list(query))),
    mutate: (key, decide) => untilDead(life, () => waiting.for(() => ledger.mutate(key, decide))),
  }
}

/** Knows how much waits for the storage: until that is over, no time passes in a simulation. */
class Waiting {
  count = 0

  async for<T>(work: () => Promise<T>): Promise<T> {
    this.count += 1
    try {
      return await work()
    } finally {
      this.count -= 1
    }
  }
}
