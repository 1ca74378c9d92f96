import { type AggregateKey, partitionOf } from '@latchkey/core'
import { nextAggregate } from '../sql/aggregates.ts'
import { type Change, makesVersion } from '../sql/change.ts'
import { chainEvents } from '../sql/events.ts'
import { type Current, replaceAggregate, replaceLabels } from './aggregates.ts'
import { insertEvents } from './events.ts'
import type { PgQueries } from './pool.ts'
import { settleReceipt } from './receipts.ts'
import { replaceTasks } from './tasks.ts'

/** Thrown out of a transaction that came too late, which undoes it. */
export class Superseded extends Error {}

/**
 * Writes a change on top of `current`, within a transaction. All commits take the same way through the tables, so that
 * none waits for one that waits for it.
 *
 * @throws Superseded where somebody else has made a newer version
 * @throws Fault conflict where the change completes a receipt that its holder has lost
 */
export async function commitChange(
  db: PgQueries,
  key: AggregateKey,
  { current, change, writer }: { current: Current; change: Change; writer: string },
): Promise<void> {
  const next = nextAggregate(current, change)
  const versioned = makesVersion(change)
  if (versioned && !(await replaceAggregate(db, key, next, writer))) throw new Superseded()
  if (change.receipt !== null) await settleReceipt(db, partitionOf(key), change.receipt)
  if (!versioned) return
  const events = chainEvents(key.id, current.head, change.events)
  // Sent one behind the other without waiting for answers; carried out in this order.
  await Promise.all([replaceLabels(db, key, current, next), replaceTasks(db, key, change.tasks)])
  await insertEvents(db, events)
}
