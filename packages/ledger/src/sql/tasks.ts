import {
  type Again,
  type AggregateKey,
  type ClaimedTask,
  type Fault,
  type Instant,
  isFault,
} from '@latchkey/core'
import type { TaskEntry } from './change.ts'
import { damaged, integer, nullableInteger, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { readTask, spread, type TaskClaim, unknownEvent, UNREADABLE_MS } from './task-row.ts'

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
  let fence: number | null = null
  for (const { name, due, data } of entries) {
    if (due === null) {
      db.run(`DELETE FROM tasks WHERE kind = ? AND id = ? AND name = ?`, key.kind, key.id, name)
      continue
    }
    fence ??= nextFence(db)
    db.run(
      `INSERT INTO tasks (kind, id, name, due, data, fence, ready_at, attempts)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4, 0)
       ON CONFLICT (kind, id, name) DO UPDATE SET due = excluded.due, data = excluded.data,
         fence = excluded.fence, ready_at = excluded.ready_at, attempts = 0, follows = NULL`,
      key.kind,
      key.id,
      name,
      due,
      data,
      fence,
    )
  }
}

/** Keeps a task from being claimed until then. */
function hold(db: SqlDatabase, row: SqlRow, until: Instant): number {
  const fence = nextFence(db)
  db.run(
    `UPDATE tasks SET fence = ?, ready_at = ?, attempts = attempts + 1, follows = NULL
     WHERE kind = ? AND id = ? AND name = ?`,
    fence,
    until,
    text(row, 'kind'),
    text(row, 'id'),
    text(row, 'name'),
  )
  return fence
}

/** Makes those tasks ready that follow the log, where it has gone on. */
function wakeFollowers(db: SqlDatabase, now: Instant): void {
  db.run(
    `UPDATE tasks SET ready_at = min(ready_at, ?), follows = NULL
     WHERE follows < (SELECT max(position) FROM events)`,
    now,
  )
}

/**
 * Leases tasks that are due, those that waited longest first. One that cannot be read is put off, and keeps none of
 * the others waiting.
 */
export function claimTasks(
  db: SqlDatabase,
  now: Instant,
  limit: number,
  leaseMs: number,
): TaskClaim {
  wakeFollowers(db, now)
  const tasks: ClaimedTask[] = []
  const unreadable: Fault[] = []
  for (let passed = -1; passed < unreadable.length;) {
    passed = unreadable.length
    const rows = db.all(
      `SELECT kind, id, name, due, data, attempts FROM tasks
       WHERE ready_at <= ? ORDER BY ready_at LIMIT ?`,
      now,
      limit - tasks.length,
    )
    for (const row of rows) {
      const task = readTask(row)
      const fence = hold(db, row, now + (isFault(task) ? UNREADABLE_MS : leaseMs))
      if (isFault(task)) unreadable.push(task)
      else tasks.push({ ...task, fence })
    }
  }
  return { tasks, unreadable }
}

function positionOf(db: SqlDatabase, eventId: string): number {
  const row = first(db, `SELECT position FROM events WHERE id = ?`, eventId)
  if (row !== null) return integer(row, 'position')
  throw unknownEvent(eventId)
}

/**
 * Ends a task, or says when it is due again; false where it has a newer fence by now. One that is not
 * to be tried again has done what it was to do, and begins to count its attempts anew.
 * @throws Fault internal where it would wait for what comes after an event that is not known
 */
export function finishTask(db: SqlDatabase, task: ClaimedTask, again: Again | null): boolean {
  const { kind, id } = task.subject
  if (again === null) {
    const ended = db.all(
      `DELETE FROM tasks WHERE kind = ? AND id = ? AND name = ? AND fence = ? RETURNING name`,
      kind,
      id,
      task.name,
      task.fence,
    )
    return ended.length > 0
  }
  const { at, after, isRetry } = spread(again)
  const set = db.all(
    `UPDATE tasks SET due = ?1, ready_at = ?1, fence = ?2, follows = ?7,
       attempts = CASE WHEN ?8 THEN attempts ELSE 0 END
     WHERE kind = ?3 AND id = ?4 AND name = ?5 AND fence = ?6 RETURNING name`,
    at,
    nextFence(db),
    kind,
    id,
    task.name,
    task.fence,
    after === null ? null : positionOf(db, after),
    isRetry ? 1 : 0,
  )
  return set.length > 0
}

/** Moves the end of a lease; false where the task has a newer fence by now. */
export function extendTask(db: SqlDatabase, task: ClaimedTask, leaseUntil: Instant): boolean {
  const { kind, id } = task.subject
  const held = db.all(
    `UPDATE tasks SET ready_at = max(ready_at, ?)
     WHERE kind = ? AND id = ? AND name = ? AND fence = ? RETURNING name`,
    leaseUntil,
    kind,
    id,
    task.name,
    task.fence,
  )
  return held.length > 0
}

/** When a task may be claimed next: at 0 where the log has woken one. */
export function nextDue(db: SqlDatabase): Instant | null {
  const row = first(
    db,
    `SELECT min(ready_at) AS ready_at,
       EXISTS (SELECT 1 FROM tasks WHERE follows < (SELECT max(position) FROM events)) AS woken
     FROM tasks`,
  )
  if (row === null) return null
  return integer(row, 'woken') === 1 ? 0 : nullableInteger(row, 'ready_at')
}
