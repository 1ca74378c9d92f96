import type { Again, ClaimedTask, Instant } from '@latchkey/core'
import { isFault } from '@latchkey/core'
import { integer, nullableInteger, text } from '../sql/columns.ts'
import { readTask, spread, type TaskClaim, unknownEvent, UNREADABLE_MS } from '../sql/task-row.ts'
import type { SqlRow } from '../sql/database.ts'
import type { PgQueries } from './pool.ts'

/**
 * So many at a time, said as a number: the planner would take a third of all tasks to be woken, and read all of them.
 * What is left is woken at the next look.
 */
const WOKEN_AT_ONCE = 50

/** Makes those tasks ready that follow the log, where it has gone on; who is at one of them sees to that itself. */
async function wakeFollowers(db: PgQueries, now: Instant): Promise<void> {
  await db.all(
    `WITH woken AS (
       SELECT kind, id, name FROM tasks
       WHERE follows < (SELECT position FROM log WHERE name = 'end')
       ORDER BY follows LIMIT ${WOKEN_AT_ONCE} FOR UPDATE SKIP LOCKED
     )
     UPDATE tasks t SET ready_at = least(t.ready_at, $1), follows = NULL FROM woken
     WHERE t.kind = woken.kind AND t.id = woken.id AND t.name = woken.name`,
    now,
  )
}

/** Leases up to so many tasks; what another host is about to take is passed over. */
async function lease(
  db: PgQueries,
  now: Instant,
  limit: number,
  until: Instant,
): Promise<readonly SqlRow[]> {
  // The limit as a number, so that the planner knows that these are few.
  const rows = await db.all(
    `WITH ready AS (
       SELECT kind, id, name, ready_at, attempts FROM tasks
       WHERE ready_at <= $1 ORDER BY ready_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
     )
     UPDATE tasks t SET fence = nextval('task_fences'), ready_at = $2, attempts = t.attempts + 1,
       follows = NULL
     FROM ready WHERE t.kind = ready.kind AND t.id = ready.id AND t.name = ready.name
     RETURNING t.kind, t.id, t.name, t.due, t.data, t.fence, ready.attempts, ready.ready_at`,
    now,
    until,
  )
  return [...rows].sort((one, other) => integer(one, 'ready_at') - integer(other, 'ready_at'))
}

/** Keeps a task that cannot be read from everybody until then. */
async function putOff(db: PgQueries, row: SqlRow, until: Instant): Promise<void> {
  await db.all(
    `UPDATE tasks SET ready_at = $1 WHERE kind = $2 AND id = $3 AND name = $4 AND fence = $5`,
    until,
    text(row, 'kind'),
    text(row, 'id'),
    text(row, 'name'),
    integer(row, 'fence'),
  )
}

/**
 * Leases tasks that are due, those that waited longest first. One that cannot be read is put off, and keeps none of
 * the others waiting.
 */
export async function claimTasks(
  db: PgQueries,
  now: Instant,
  limit: number,
  leaseMs: number,
): Promise<TaskClaim> {
  await wakeFollowers(db, now)
  const tasks: ClaimedTask[] = []
  const unreadable: TaskClaim['unreadable'][number][] = []
  for (let passed = -1; passed < unreadable.length;) {
    passed = unreadable.length
    for (const row of await lease(db, now, limit - tasks.length, now + leaseMs)) {
      const task = readTask(row)
      const fence = integer(row, 'fence')
      if (isFault(task)) {
        unreadable.push(task)
        await putOff(db, row, now + UNREADABLE_MS)
      } else tasks.push({ ...task, fence })
    }
  }
  return { tasks, unreadable }
}

async function positionOf(db: PgQueries, eventId: string): Promise<number> {
  const [row] = await db.all(`SELECT position FROM events WHERE id = $1`, eventId)
  if (row !== undefined) return integer(row, 'position')
  throw unknownEvent(eventId)
}

/**
 * Ends a task, or says when it is due again; false where it has a newer fence by now. One that is not
 * to be tried again has done what it was to do, and begins to count its attempts anew.
 * @throws Fault internal where it would wait for what comes after an event that is not known
 */
export async function finishTask(
  db: PgQueries,
  task: ClaimedTask,
  again: Again | null,
): Promise<boolean> {
  const { kind, id } = task.subject
  if (again === null) {
    const ended = await db.all(
      `DELETE FROM tasks WHERE kind = $1 AND id = $2 AND name = $3 AND fence = $4 RETURNING name`,
      kind,
      id,
      task.name,
      task.fence,
    )
    return ended.length > 0
  }
  const { at, after, isRetry } = spread(again)
  const set = await db.all(
    `UPDATE tasks SET due = $1, ready_at = $1, fence = nextval('task_fences'), follows = $6,
       attempts = CASE WHEN $7::bigint = 1 THEN attempts ELSE 0 END
     WHERE kind = $2 AND id = $3 AND name = $4 AND fence = $5 RETURNING name`,
    at,
    kind,
    id,
    task.name,
    task.fence,
    after === null ? null : await positionOf(db, after),
    isRetry ? 1 : 0,
  )
  return set.length > 0
}

/** Moves the end of a lease; false where the task has a newer fence by now. */
export async function extendTask(
  db: PgQueries,
  task: ClaimedTask,
  leaseUntil: Instant,
): Promise<boolean> {
  const held = await db.all(
    `UPDATE tasks SET ready_at = greatest(ready_at, $1)
     WHERE kind = $2 AND id = $3 AND name = $4 AND fence = $5 RETURNING name`,
    leaseUntil,
    task.subject.kind,
    task.subject.id,
    task.name,
    task.fence,
  )
  return held.length > 0
}

/** When a task may be claimed next: at 0 where the log has woken one. */
export async function nextDue(db: PgQueries): Promise<Instant | null> {
  const [row] = await db.all(
    `SELECT CASE
       WHEN (SELECT min(follows) FROM tasks) < (SELECT position FROM log WHERE name = 'end') THEN 0
       ELSE (SELECT min(ready_at) FROM tasks)
     END AS due`,
  )
  return row === undefined ? null : nullableInteger(row, 'due')
}
