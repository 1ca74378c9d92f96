import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createConnection,
  createNumber,
  intervalsOf,
  isFault,
  lazyInspector,
  type Ledger,
  publishKey,
  readRingKey,
  runDueTasks,
  type Services,
  taskHandlers,
  type TaskQueue,
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
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { keyNamed } from '../support/model-world.ts'
import {
  modelProvider,
  ModelUpstream,
  registryOf,
  type Weather,
} from '../support/model-upstream.ts'
import { noCourier } from '../support/no-courier.ts'
import { Custody, NamedPairs, placeSealer } from './custody.ts'

const START = Date.UTC(2026, 9, 20)
const ACTOR = { kind: 'system', id: 'test' } as const
/** Memory, where there is such a disk: nothing here loses its power. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const OVERLAP_MS = 5 * 60_000
/** On either connection, the one that can be read and the one that cannot. */
const NUMBERS = 3

export type Fleet = Awaited<ReturnType<typeof fleetWorld>>

/** Two connections with numbers, over a database on the disk that outlives the program. */
export async function fleetWorld({
  seed,
  weather,
}: {
  readonly seed: number
  readonly weather: Weather
}) {
  const folder = mkdtempSync(join(DISK, 'latchkey-fleet-'))
  const path = join(folder, 'latchkey.db')
  const random = seededRandom(seed)
  const disk = createDisk()
  const clock = new SimClock(START, () => disk.settle())
  const upstream = new ModelUpstream(clock, random, weather)
  const pairs = new NamedPairs()
  const providers = new Map([
    ...registryOf(modelProvider(true)),
    ...registryOf({ ...modelProvider(false), id: 'blind' }),
  ])
  let ledger = await openSqliteLedger({ path })
  let dead = { isDead: false }

  const incarnate = (): Services => {
    dead = { isDead: false }
    const mine = dead
    return {
      ledger: living(ledger, mine, disk),
      chain: { continues: continuesChain },
      upstream: {
        timeoutMs: upstream.timeoutMs,
        admit: () => undefined,
        perform: (call) => untilDead(mine, () => upstream.perform(call)),
        servedCertificate: null,
        pace: createPace(),
      },
      clock,
      random,
      sealer: placeSealer,
      signer: ed25519Signer,
      keyMaker: pairs,
      signWebhook,
      courier: noCourier,
      inspector: lazyInspector(() => import('@latchkey/x509')),
      intervals: intervalsOf({ LATCHKEY_DESTROY_AFTER_SECONDS: '600' }),
      providers,
      logger: { log: () => undefined },
    }
  }
  let services = incarnate()
  const custody = new Custody(path, pairs)
  upstream.onWrite = (upstreamId, key) => custody.require(key.fingerprint, `write to ${upstreamId}`)

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
  const turn = (queue: TaskQueue) => runDueTasks(services, queue, taskHandlers, { limit: 20 })
  return {
    clock,
    upstream,
    custody,
    rotations,
    ledger: () => ledger,
    numberIds,
    /** Something that goes on by itself; a refusal is an answer too. */
    begin: (work: () => Promise<unknown>) => void work().catch(tolerate),
    publish: (index: number, name: string) =>
      publishKey(services, ACTOR, {
        numberId: at(numberIds, index),
        publicKey: keyNamed(name),
        verify: true,
      }),
    async publishRingKey(index: number, which: number) {
      const { items } = await ledger.list<{ readonly id: string }>({ kind: 'key', limit: 50 })
      if (items.length === 0) return
      const { pem, fingerprint } = await readRingKey(services, at(items, which).id)
      const publicKey = { pem, fingerprint, repairs: [] }
      await publishKey(services, ACTOR, { numberId: at(numberIds, index), publicKey, verify: true })
    },
    async deleteRingKey(which: number) {
      const { items } = await ledger.list<{ readonly id: string }>({ kind: 'key', limit: 50 })
      if (items.length > 0) await deleteKey(services, by, at(items, which).id)
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
      await Promise.all([turn(ledger), ...(twice ? [turn(ledger)] : [])])
    },
    async pass(ms: number) {
      const until = clock.now() + ms
      for (;;) {
        await clock.until(turn(ledger))
        const due = (await ledger.nextDue()) ?? until
        if (Math.max(due, clock.now()) >= until) break
        await clock.advance(Math.max(due - clock.now(), 1))
      }
      await clock.advance(until - clock.now())
    },
    /** The process is killed; another begins with what is on the disk. */
    async crash() {
      dead.isDead = true
      await ledger.close()
      ledger = await openSqliteLedger({ path })
      services = incarnate()
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
    check() {
      for (const [id, { fingerprint }] of upstream.keys) custody.require(fingerprint, id)
    },
    async close() {
      await custody.open(placeSealer)
      dead.isDead = true
      await ledger.close()
      custody.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  async function onOne(which: number, work: (id: string) => Promise<unknown>): Promise<void> {
    if (rotations.length > 0) await work(at(rotations, which))
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('Cannot choose: there are none')
  return item
}

function tolerate(error: unknown): void {
  if (!isFault(error)) throw error
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

function living(ledger: Ledger, life: { readonly isDead: boolean }, disk: Disk): Ledger {
  return {
    ...ledger,
    read: (key) => untilDead(life, () => disk.busy(() => ledger.read(key))),
    list: (query) => untilDead(life, () => disk.busy(() => ledger.list(query))),
    mutate: (key, decide) => untilDead(life, () => disk.busy(() => ledger.mutate(key, decide))),
  }
}

/** Knows what waits for the disk or for another thread: until that is over, no time passes in a simulation. */
function createDisk() {
  let waiting = 0
  return {
    async busy<T>(work: () => Promise<T>): Promise<T> {
      waiting += 1
      try {
        return await work()
      } finally {
        waiting -= 1
      }
    },
    async settle(): Promise<void> {
      for (let idle = 0; idle < 3; idle = waiting === 0 ? idle + 1 : 0) {
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
    },
  }
}

type Disk = ReturnType<typeof createDisk>
