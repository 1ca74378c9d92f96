import type {
  AggregateKey,
  EventQuery,
  HeadsDigest,
  Ledger,
  ListQuery,
  Page,
  Partition,
  ReceiptClaim,
} from '@latchkey/core'
import { connectionPartition, kindOf, partitionOf } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'
import type { Decide } from '../sql/decide.ts'
import { decodeEvents, type StoredEvent } from '../sql/events.ts'
import { decodeState } from '../sql/json.ts'
import { decodeRows, type StoredRow } from '../sql/list.ts'
import type { ReceiptRequest } from '../sql/receipts.ts'

/** What a ledger asks of one partition, wherever that is. */
export interface PartitionAccess {
  mutate<S, R>(key: AggregateKey, decide: Decide<S, R>): Promise<R>
  read(key: AggregateKey): Promise<StoredAggregate>
  list(query: ListQuery): Promise<Page<StoredRow>>
  events(query: EventQuery): Promise<Page<StoredEvent>>
  digestHeads(upTo: number | null): Promise<HeadsDigest>
  claimReceipt(request: ReceiptRequest): Promise<ReceiptClaim>
  releaseReceipt(id: string, holder: string): Promise<void>
  ping(): Promise<void>
}

/** A subject's own partition knows its events at once; the registry knows everybody's, a little later. */
function partitionOfQuery(query: EventQuery): Partition {
  const { subject } = query
  const kind = subject === undefined ? null : kindOf(subject)
  if (subject === undefined || kind === null) return 'registry'
  return partitionOf({ kind, id: subject })
}

function partitionOfList({ within }: ListQuery): Partition {
  return within === undefined ? 'registry' : connectionPartition(within)
}

/** One ledger over all partitions: an aggregate in its own, lists and the whole audit log in the registry. */
export function ledgerOver(at: (partition: Partition) => PartitionAccess): Ledger {
  return {
    mutate: async (key, decide) => at(partitionOf(key)).mutate(key, decide),
    async read(key) {
      const { state, version } = await at(partitionOf(key)).read(key)
      return state === null ? null : { state: decodeState(state), version }
    },
    list: async (query) => decodeRows(await at(partitionOfList(query)).list(query)),
    events: async (query) => decodeEvents(await at(partitionOfQuery(query)).events(query)),
    digestHeads: async (upTo) => at('registry').digestHeads(upTo),
    claimReceipt: async (partition, receipt) => at(partition).claimReceipt(receipt),
    releaseReceipt: async (partition, id, holder) => at(partition).releaseReceipt(id, holder),
    ping: async () => at('registry').ping(),
    close: async () => undefined,
  }
}
