import {
  isFault,
  type KeyMaker,
  type Ledger,
  type NumberState,
  keyUses,
  publishKey,
  type RingKeyState,
  runDueTasks,
  type Services,
  type TaskQueue,
  taskHandlers,
} from '@latchkey/core'
import { deleteKey, givenKey, storeKey } from '@latchkey/core/keyring'
import { seededRandom } from '@latchkey/core/testing'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import type { Weather } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
/** Most of what the ledger is asked takes no time, and some very long: then whoever else is at it comes in between. */
const LONG_MS = 300
const LONG_SHARE = 0.3

export type RingWorld = Awaited<ReturnType<typeof ringWorld>>

/** One number, and a ring of keys that are named by letters, over a ledger that takes its time. */
export async function ringWorld(options: {
  readonly seed: number
  readonly weather: Weather
  readonly readable: boolean
  readonly keyMaker?: KeyMaker
  /** 30 days, if left out. */
  readonly destroyAfterMs?: number
}) {
  const spied = spy(await openSqliteLedger({ path: ':memory:' }))
  const { ledger } = spied
  const world = await modelWorld({ ...options, ledger })
  const { clock, upstream, numberId } = world
  const random = seededRandom(options.seed + 1)
  const pause = async () => {
    if (random.fraction() < LONG_SHARE) await clock.sleep(Math.floor(random.fraction() * LONG_MS))
  }
  const services: Services = {
    ...world.services,
    ledger: slow(ledger, pause),
    intervals: {
      ...world.services.intervals,
      ...(options.destroyAfterMs === undefined ? {} : { destroyAfterMs: options.destroyAfterMs }),
    },
  }
  const { violations, gone } = spied

  upstream.onWrite = (_upstreamId, { fingerprint }) => {
    if (gone.has(fingerprint)) violations.push(`${fingerprint} is published, and is gone`)
  }
  spied.onGone = ({ fingerprint }) => {
    const there = upstream.keys.get('1')?.fingerprint === fingerprint
    if (there) violations.push(`${fingerprint} goes, and stands at the upstream`)
  }

  const idOf = async (name: string): Promise<string> => {
    const where = { fingerprint: keyNamed(name).fingerprint }
    const { items } = await ledger.list<RingKeyState>({ kind: 'key', where, limit: 1 })
    return items[0]?.id ?? 'key_none'
  }
  return {
    ...world,
    services,
    violations,
    add: (name: string, by = services) =>
      codeOf(async () => {
        const given = { publicKey: keyNamed(name), privateKey: `PRIVATE ${name}` }
        const draft = { ...given, label: null, sharedWith: [] }
        const key = await givenKey(by, draft, () => true)
        await storeKey(by, { actor: ACTOR }, key, () => true)
      }),
    publishById: (name: string, by = services) =>
      codeOf(async () => {
        const keyId = await idOf(name)
        const publicKey = keyNamed(name)
        await publishKey(by, ACTOR, { numberId, publicKey, keyId, verify: true })
      }),
    remove: (name: string, by = services) =>
      codeOf(async () => deleteKey(by, { actor: ACTOR }, await idOf(name))),
    async keys(): Promise<readonly RingKeyState[]> {
      const { items } = await ledger.list<RingKeyState>({ kind: 'key', limit: 100 })
      return items.map(({ state }) => state)
    },
    /** Lets time pass, doing the due tasks as a poller would. */
    async pass(ms: number): Promise<void> {
      const until = clock.now() + ms
      for (;;) {
        await clock.until(runDueTasks(services, ledger, taskHandlers, { limit: 10 }))
        const due = (await ledger.nextDue()) ?? until
        if (Math.max(due, clock.now()) >= until) break
        await clock.advance(Math.max(due - clock.now(), 1))
      }
      await clock.advance(Math.max(until - clock.now(), 0))
    },
    close: () => ledger.close(),
  }
}

/** `done`, or the code of the fault that came of it. */
async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (!isFault(error)) throw error
    return error.code
  }
}

function slow(ledger: Ledger, pause: () => Promise<void>): Ledger {
  return {
    ...ledger,
    async read(key) {
      await pause()
      return ledger.read(key)
    },
    async mutate(key, decide) {
      await pause()
      const result = await ledger.mutate(key, decide)
      await pause()
      return result
    },
    async list(query) {
      await pause()
      return ledger.list(query)
    },
  }
}

/** The ledger, and what is told of keys in the very moment in which it commits. */
function spy(ledger: Ledger & TaskQueue) {
  const spied = {
    violations: new Array<string>(),
    /** Fingerprints of keys that were deleted, or destroyed. */
    gone: new Set<string>(),
    onGone: (_key: RingKeyState): void => undefined,
    ledger: {
      ...ledger,
      async mutate<S, R>(...[key, decide]: Parameters<typeof ledger.mutate<S, R>>) {
        let before: unknown = null
        let next: unknown
        const result = await ledger.mutate<S, R>(key, (state, version) => {
          const decision = decide(state, version)
          before = state
          next = decision.next
          return decision
        })
        // Rows of these kinds have these states.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        if (key.kind === 'key') told(before as RingKeyState | null, next as RingKeyState | null)
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        if (key.kind === 'number') used(next as NumberState | null | undefined)
        return result
      },
    },
  }
  const told = (before: RingKeyState | null, next: RingKeyState | null | undefined) => {
    const isGone = next === null || typeof next?.destroyedAt === 'number'
    if (next !== null && next !== undefined && !isGone) spied.gone.delete(next.fingerprint)
    if (!isGone || before === null) return
    if (!spied.gone.has(before.fingerprint)) spied.onGone(before)
    spied.gone.add(before.fingerprint)
  }
  /** A number may be about to use a key that is gone: that is found out before it is sent. It never comes to have it. */
  const used = (next: NumberState | null | undefined) => {
    for (const [fingerprint, use] of next == null ? [] : keyUses(next)) {
      if (use === 'staged' || !spied.gone.has(fingerprint)) continue
      spied.violations.push(`${fingerprint} is ${use}, and is gone`)
    }
  }
  return spied
}
