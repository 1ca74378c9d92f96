import type { Ledger } from '@latchkey/core'
import { ledgerOver } from './partition-access.ts'
import type { LedgerNamespace } from './protocol.ts'
import { remotePartition, type RemoteOptions } from './remote-partition.ts'

/**
 * The ledger as a Worker sees it: each aggregate in the Durable Object of its partition. `decide` runs in
 * the Worker and may run again, whenever somebody else commits between its read and its write; after
 * too many of those `mutate` ends with the fault `conflict`.
 */
export function durableObjectLedger(
  namespace: LedgerNamespace,
  options: Omit<RemoteOptions, 'namespace'>,
): Ledger {
  return ledgerOver((partition) => remotePartition(partition, { ...options, namespace }))
}
