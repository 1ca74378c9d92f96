import type { AggregateKey } from '@latchkey/core'
import type { TaskEntry } from '../sql/change.ts'
import type { Builder } from './statement.ts'

/** The last draft of a name counts; one statement can write each task once. */
function lastOfEach(entries: readonly TaskEntry[]): readonly TaskEntry[] {
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()]
}

/** Puts tasks in place of those of the same name, with the version that part `changed` makes. */
export function addTasks(
  to: Builder,
  { kind, id }: AggregateKey,
  entries: readonly TaskEntry[],
): void {
  const drafts = lastOfEach(entries)
  const ended = drafts.filter(({ due }) => due === null)
  const set = drafts.filter(({ due }) => due !== null)
  if (ended.length > 0) {
    to.part(
      'tasks_ended',
      `DELETE FROM tasks WHERE kind = ${to.value(kind)} AND id = ${to.value(id)}
       AND name = ANY (${to.value(ended.map(({ name }) => name))}::text[])
       AND EXISTS (SELECT 1 FROM changed)`,
    )
  }
  if (set.length > 0) {
    const names = to.value(set.map(({ name }) => name))
    const dues = to.value(set.map(({ due }) => due))
    const data = to.value(set.map((entry) => entry.data))
    to.part(
      'tasks_set',
      `INSERT INTO tasks (kind, id, name, due, data, fence, ready_at, attempts)
       SELECT ${to.value(kind)}::text, changed.id, t.name, t.due, t.data, nextval('task_fences'), t.due, 0
       FROM changed, unnest(${names}::text[], ${dues}::bigint[], ${data}::text[]) t (name, due, data)
       ON CONFLICT (kind, id, name) DO UPDATE SET due = excluded.due, data = excluded.data,
         fence = excluded.fence, ready_at = excluded.ready_at, attempts = 0, follows = NULL`,
    )
  }
}
