import { type AggregateKey, partitionOf } from '@latchkey/core'
import { nextAggregate, type StoredAggregate } from '../sql/aggregates.ts'
import { type Change, makesVersion } from '../sql/change.ts'
import { integer } from '../sql/columns.ts'
import { chainEvents } from '../sql/events.ts'
import { lostReceipt } from '../sql/receipts.ts'
import type { Current } from './aggregates.ts'
import { addEvents } from './commit-events.ts'
import { addLabels } from './commit-labels.ts'
import { addTasks } from './commit-tasks.ts'
import type { PgQueries } from './pool.ts'
import { type Builder, statement } from './statement.ts'

interface Commit {
  readonly current: Current
  readonly change: Change
  /** The name of this commit, which no other has. */
  readonly writer: string
}

/** A receipt that is to be completed has to be held still; it is kept so until the commit. */
function addHeld(to: Builder, key: AggregateKey, { receipt }: Change): boolean {
  if (receipt === null || receipt.response === null) return false
  to.part(
    'held',
    `SELECT id FROM receipts WHERE partition = ${to.value(partitionOf(key))}
     AND id = ${to.value(receipt.id)} AND holder = ${to.value(receipt.holder)}
     AND response IS NULL FOR UPDATE`,
  )
  return true
}

/** Puts the next version in the place of the one that was decided on, where that is still there. */
function addVersion(
  to: Builder,
  { kind, id }: AggregateKey,
  next: StoredAggregate,
  { writer, held }: { readonly writer: string; readonly held: boolean },
): void {
  const [kindAt, idAt] = [to.value(kind), to.value(id)]
  const [state, labels, by] = [to.value(next.state), to.value(next.labels), to.value(writer)]
  const ifHeld = held ? 'AND EXISTS (SELECT 1 FROM held)' : ''
  to.part(
    'changed',
    next.version === 1
      ? `INSERT INTO aggregates (kind, id, version, state, labels, writer)
         SELECT ${kindAt}::text, ${idAt}::text, 1, ${state}::text, ${labels}::text, ${by}::text
         WHERE TRUE ${ifHeld} ON CONFLICT (kind, id) DO NOTHING RETURNING id`
      : `UPDATE aggregates SET version = version + 1, state = ${state}, labels = ${labels}, writer = ${by}
         WHERE kind = ${kindAt} AND id = ${idAt} AND version = ${to.value(next.version - 1)} ${ifHeld}
         RETURNING id`,
  )
}

/** Completes a receipt, or takes it back. */
function addSettlement(to: Builder, key: AggregateKey, change: Change, gate: string | null): void {
  if (change.receipt === null) return
  const { id, holder, response } = change.receipt
  const where = `WHERE partition = ${to.value(partitionOf(key))} AND id = ${to.value(id)}
    AND holder = ${to.value(holder)} ${gate === null ? '' : `AND EXISTS (SELECT 1 FROM ${gate})`}`
  to.part(
    'settled',
    response === null
      ? `DELETE FROM receipts ${where} RETURNING id`
      : `UPDATE receipts SET response = ${to.value(response)} ${where} RETURNING id`,
  )
}

const count = (made: boolean, part: string) => (made ? `(SELECT count(*) FROM ${part})` : '1')

/**
 * Writes a change on top of `current` in one statement, all of which is done where the version is still that one.
 *
 * @returns false where somebody else has made a newer version, and nothing was written
 * @throws Fault conflict where the change completes a receipt that its holder has lost
 */
export async function commitChange(
  db: PgQueries,
  key: AggregateKey,
  { current, change, writer }: Commit,
): Promise<boolean> {
  const to = statement()
  const held = addHeld(to, key, change)
  const versioned = makesVersion(change)
  if (versioned) {
    const next = nextAggregate(current, change)
    addVersion(to, key, next, { writer, held })
    addLabels(to, key, current, next)
    addTasks(to, key, change.tasks)
    addEvents(to, chainEvents(key.id, current.head, change.events))
  }
  addSettlement(to, key, change, versioned ? 'changed' : held ? 'held' : null)
  const { sql, values } = to.end(
    `SELECT ${count(held, 'held')} AS held, ${count(versioned, 'changed')} AS changed`,
  )
  const [row] = await db.all(sql, ...values)
  if (row === undefined || integer(row, 'held') === 0) throw lostReceipt()
  return integer(row, 'changed') > 0
}
