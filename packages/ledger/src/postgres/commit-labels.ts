import type { AggregateKey } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'
import { decodeStrings } from '../sql/json.ts'
import type { Builder } from './statement.ts'

type Label = readonly [name: string, value: string]

function pairs(to: Builder, labels: readonly Label[]): string {
  const names = to.value(labels.map(([name]) => name))
  const values = to.value(labels.map(([, value]) => value))
  return `unnest(${names}::text[], ${values}::text[])`
}

/** Brings the rows that lists filter by in line with the version that part `changed` makes. */
export function addLabels(
  to: Builder,
  { kind, id }: AggregateKey,
  current: StoredAggregate,
  next: StoredAggregate,
): void {
  if (next.labels === current.labels) return
  const before = decodeStrings(current.labels, `the labels of ${id}`)
  const after = decodeStrings(next.labels, `the labels of ${id}`)
  const gone = Object.entries(before).filter(([name, value]) => after[name] !== value)
  const come = Object.entries(after).filter(([name, value]) => before[name] !== value)
  if (gone.length > 0) {
    to.part(
      'labels_gone',
      `DELETE FROM labels WHERE kind = ${to.value(kind)} AND id = ${to.value(id)}
       AND (name, value) IN (SELECT * FROM ${pairs(to, gone)}) AND EXISTS (SELECT 1 FROM changed)`,
    )
  }
  if (come.length > 0) {
    to.part(
      'labels_come',
      `INSERT INTO labels (kind, name, value, id)
       SELECT ${to.value(kind)}::text, l.name, l.value, changed.id
       FROM changed, ${pairs(to, come)} l (name, value)`,
    )
  }
}
