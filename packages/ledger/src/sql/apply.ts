import { type AggregateKey, partitionOf } from '@latchkey/core'
import { nextAggregate, type StoredAggregate, writeAggregate } from './aggregates.ts'
import { type Change, makesVersion } from './change.ts'
import type { SqlDatabase } from './database.ts'
import { appendEvents } from './events.ts'
import { settleReceipt } from './receipts.ts'
import { replaceTasks } from './tasks.ts'

/**
 * Writes a change on top of `current`, as it was read in the same transaction; answers what is stored then.
 *
 * @throws Fault conflict where the change completes a receipt that its holder has lost
 */
export function applyChange(
  db: SqlDatabase,
  key: AggregateKey,
  current: StoredAggregate,
  change: Change,
): StoredAggregate {
  if (change.receipt !== null) settleReceipt(db, partitionOf(key), change.receipt)
  if (!makesVersion(change)) return current
  const next = nextAggregate(current, change)
  writeAggregate(db, key, current, next)
  appendEvents(db, key.id, change.events)
  replaceTasks(db, key, change.tasks)
  return next
}
