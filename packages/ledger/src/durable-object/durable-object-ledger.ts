import type { Ledger } from '@latchkey/core'
import { ledgerOver } from './partition-access.ts'
import { type Projection, projectedReads } from './projected-reads.ts'
import type { LedgerNamespace } from './protocol.ts'
import { remotePartition, type RemoteOptions } from './remote-partition.ts'

/**
 * The ledger as a Worker sees it: each aggregate in the Durable Object of its partition. `decide` runs in
 * the Worker and may run again, whenever somebody else commits between its read and its write; after
 * too many of those `mutate` ends with the fault `conflict`.
 *
 * @param projection what bounded reads are answered from; without one, they go to the object
 */
export function durableObjectLedger(
  namespace: LedgerNamespace,
  {
    projection,
    ...options
  }: Omit<RemoteOptions, 'namespace'> & { readonly projection?: Projection },
): Ledger {
  const ledger = ledgerOver((partition) => remotePartition(partition, { ...options, namespace }))
  return projection === undefined ? ledger : projectedReads(ledger, projection)
}
