import type { AggregateKey, ClaimedTask, Instant } from '@latchkey/core'
import type { TaskEntry } from './change.ts'
import { aggregateKey, damaged, integer, nullableInteger, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { decodeObject } from './json.ts'

/** One counter for the whole store: a task that is removed and made again gets no fence a second time. */
function nextFence(db: SqlDatabase): number {
  const row = first(
    db,
    `UPDATE counters SET value = value + 1 WHERE name = 'fence' RETURNING value`,
  )
  if (row === null) throw damaged('counter fence')
  return integer(row, 'value')
}

/** Puts tasks in place of those of the same name; one that is due never is removed. */
export function replaceTasks(
  db: SqlDatabase,
  key: AggregateKey,
  entries: readonly TaskEntry[],
): void {
  for (const { name, due, data } of entries) {
    if (due === null) {
      db.run(`DELETE FROM tasks WHERE kind = ? AND id = ? AND name = ?`, key.kind, key.id, name)
      continue
    }
    db.run(
      `INSERT INTO tasks (kind, id, name, due, data, fence, ready_at, attempts)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4, 0)
       ON CONFLICT (kind, id, name) DO UPDATE SET due = excluded.due, data = excluded.data,
         fence = excluded.fence, ready_at = excluded.ready_at, attempts = 0`,
      key.kind,
      key.id,
      name,
      due,
      data,
      nextFence(db),
    )
  }
}

function claimOne(db: SqlDatabase, row: SqlRow, leaseUntil: Instant): ClaimedTask {
  const subject = aggregateKey(row)
  const task = {
    subject,
    name: text(row, 'name'),
    due: integer(row, 'due'),
    data: decodeObject(text(row, 'data'), 'column data'),
    fence: nextFence(db),
    attempts: integer(row, 'attempts') + 1,
  }
  db.run(
    `UPDATE tasks SET fence = ?, ready_at = ?, attempts = ? WHERE kind = ? AND id = ? AND name = ?`,
    task.fence,
    leaseUntil,
    task.attempts,
    subject.kind,
    subject.id,
    task.name,
  )
  return task
}

/** Leases tasks that are due, those that waited longest first. */
export function claimTasks(
  db: SqlDatabase,
  now: Instant,
  limit: number,
  leaseMs: number,
): ClaimedTask[] {
  const rows = db.all(
    `SELECT kind, id, name, due, data, attempts FROM tasks
     WHERE ready_at <= ? ORDER BY ready_at LIMIT ?`,
    now,
    limit,
  )
  return rows.map((row) => claimOne(db, row, now + leaseMs))
}

/** Ends a task, or sets it to `retryAt`; false where it has a newer fence by now. */
export function finishTask(db: SqlDatabase, task: ClaimedTask, retryAt: Instant | null): boolean {
  const { kind, id } = task.subject
  if (retryAt === null) {
    const ended = db.all(
      `DELETE FROM tasks WHERE kind = ? AND id = ? AND name = ? AND fence = ? RETURNING name`,
      kind,
      id,
      task.name,
      task.fence,
    )
    return ended.length > 0
  }
  const set = db.all(
    `UPDATE tasks SET due = ?1, ready_at = ?1, fence = ?2
     WHERE kind = ?3 AND id = ?4 AND name = ?5 AND fence = ?6 RETURNING name`,
    retryAt,
    nextFence(db),
    kind,
    id,
    task.name,
    task.fence,
  )
  return set.length > 0
}

export function nextDue(db: SqlDatabase): Instant | null {
  const row = first(db, `SELECT min(ready_at) AS ready_at FROM tasks`)
  return row === null ? null : nullableInteger(row, 'ready_at')
}
