import {
  type AggregateKey,
  type Clock,
  Fault,
  isFault,
  type Partition,
  type Random,
} from '@latchkey/core'
import { isEmpty } from '../sql/change.ts'
import { type Decide, decideOn } from '../sql/decide.ts'
import type { PartitionAccess } from './partition-access.ts'
import { type Answer, type LedgerNamespace, type LedgerStub, valueOf } from './protocol.ts'

/** What it takes to reach the objects of other partitions. */
export interface RemoteOptions {
  readonly namespace: LedgerNamespace
  readonly clock: Pick<Clock, 'sleep'>
  readonly random: Pick<Random, 'fraction'>
}

const COMMIT_ATTEMPTS = 20
const READ_ATTEMPTS = 3
const FIRST_PAUSE_MS = 8
const LONGEST_PAUSE_MS = 1_000

/** Whether the platform says that the same call may well succeed now: the object had moved or restarted. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'retryable' in error &&
    error.retryable === true &&
    !('overloaded' in error && error.overloaded === true)
  )
}

/** One partition, asked over RPC. `decide` runs here, against a version that the commit then insists on. */
export function remotePartition(partition: Partition, options: RemoteOptions): PartitionAccess {
  const { namespace, clock, random } = options

  /** Full jitter: writers that met once are spread over a time that doubles. */
  const pause = (attempt: number): Promise<void> =>
    clock.sleep(random.fraction() * Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS))

  async function reach<T>(
    call: (stub: LedgerStub) => Promise<Answer<T>>,
    attempts: number,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // A stub is of no use after an error: each attempt takes its own.
        return valueOf(await call(namespace.getByName(partition)))
      } catch (cause) {
        if (isFault(cause)) throw cause
        if (attempt >= attempts || !isPassing(cause)) {
          throw new Fault('internal', `Cannot reach the storage of ${partition}`, { cause })
        }
      }
      await pause(attempt)
    }
  }
  const ask = <T>(call: (stub: LedgerStub) => Promise<Answer<T>>): Promise<T> =>
    reach(call, READ_ATTEMPTS)
  // Nobody knows whether a call that was cut off has written: it is not repeated.
  const tell = <T>(call: (stub: LedgerStub) => Promise<Answer<T>>): Promise<T> => reach(call, 1)

  return {
    async mutate<S, R>(key: AggregateKey, decide: Decide<S, R>): Promise<R> {
      for (let attempt = 0; attempt < COMMIT_ATTEMPTS; attempt += 1) {
        const current = await ask((stub) => stub.read(key))
        const { result, change } = decideOn(key, current, decide)
        if (isEmpty(change)) return result
        if (await tell((stub) => stub.commit(key, current.version, change))) return result
        await pause(attempt)
      }
      throw new Fault(
        'conflict',
        `Cannot change ${key.id}: others changed it first, ${COMMIT_ATTEMPTS} times in a row`,
        { retryable: true },
      )
    },
    read: (key) => ask((stub) => stub.read(key)),
    list: (query) => ask((stub) => stub.list(query)),
    events: (query) => ask((stub) => stub.events(query)),
    digestHeads: (upTo) => ask((stub) => stub.digestHeads(upTo)),
    claimReceipt: (request) => tell((stub) => stub.claimReceipt(request)),
    async releaseReceipt(id, holder) {
      await ask((stub) => stub.releaseReceipt(id, holder))
    },
    async ping() {
      await ask((stub) => stub.ping())
    },
  }
}
