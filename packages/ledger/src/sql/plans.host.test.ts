import { expect, test } from 'vitest'
import type { EventQuery, ListQuery } from '@latchkey/core'
import { openDatabase } from '../sqlite/database.ts'
import { text } from './columns.ts'
import type { SqlDatabase, SqlValue } from './database.ts'
import { listEvents } from './event-query.ts'
import { listHeads } from './events.ts'
import { listRows } from './list.ts'
import { migrate } from './migrate.ts'
import { claimReceipt } from './receipts.ts'
import { LEDGER_SCHEMA } from './schema.ts'
import { claimTasks, nextDue } from './tasks.ts'

type Statement = readonly [sql: string, ...values: readonly SqlValue[]]

/** Runs `body`, and gives SQLite's plan for every statement that it used. */
function plansOf(body: (db: SqlDatabase) => void): string[] {
  const db = openDatabase(':memory:')
  migrate(db, { schema: 'ledger', migrations: LEDGER_SCHEMA, where: 'the test' })
  const statements: Statement[] = []
  const recorded: SqlDatabase = {
    ...db,
    all(sql, ...values) {
      statements.push([sql, ...values])
      return db.all(sql, ...values)
    },
    run(sql, ...values) {
      statements.push([sql, ...values])
      db.run(sql, ...values)
    },
  }
  body(recorded)
  const plans = statements.flatMap(([sql, ...values]) =>
    db.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => text(row, 'detail')),
  )
  db.close()
  return plans
}

/** A plan that reads a whole table or index, or sorts what it found, grows with the table. */
function growing(plans: readonly string[]): string[] {
  const bounded = /^SCAN (?:subjects|\(subquery-\d+\)|\d+ CONSTANT ROWS?)$/
  return plans.filter(
    (plan) => plan.includes('TEMP B-TREE') || (plan.startsWith('SCAN') && !bounded.test(plan)),
  )
}

const lists: readonly (readonly [string, Omit<ListQuery, 'kind' | 'limit'>])[] = [
  ['all', {}],
  ['all after a cursor', { cursor: 'num_1' }],
  ['one label', { where: { provider: 'a' } }],
  ['two labels after a cursor', { where: { provider: 'a', sync: 'true' }, cursor: 'num_1' }],
  ['three labels', { where: { provider: 'a', sync: 'true', status: 'valid' } }],
]

test.each(lists)('listRows() reads only what a page needs: %s', (_, query) => {
  const plans = plansOf((db) => void listRows(db, { ...query, kind: 'number', limit: 50 }))
  expect(plans.length).toBeGreaterThan(0)
  expect(growing(plans)).toEqual([])
})

test('listRows() finds labels without touching the rows themselves', () => {
  const where = { provider: 'a', sync: 'true' }
  const plans = plansOf((db) => void listRows(db, { kind: 'number', where, limit: 50 }))
  const labels = plans.filter((plan) => /\b(?:lead|l\d|labels)\b/.test(plan))
  expect(labels.length).toBeGreaterThan(0)
  expect(labels.filter((plan) => !plan.includes('USING PRIMARY KEY'))).toEqual([])
})

const queries: readonly (readonly [string, Omit<EventQuery, 'limit'>])[] = [
  ['all', {}],
  ['all after a cursor', { cursor: '7' }],
  ['later than an instant', { after: 5 }],
  ['one type', { type: 'key.published', after: 5 }],
  ['one subject', { subject: 'num_1', cursor: '7' }],
  ['one subject and type', { subject: 'num_1', type: 'key.published', after: 5 }],
  ['two connections', { connections: ['con_1', 'con_2'], type: 'key.published' }],
]

test.each(queries)('listEvents() reads only what a page needs: %s', (_, query) => {
  const plans = plansOf((db) => void listEvents(db, { ...query, limit: 50 }))
  expect(plans.length).toBeGreaterThan(0)
  expect(growing(plans)).toEqual([])
})

test('listHeads() steps from subject to subject', () => {
  const plans = plansOf((db) => void listHeads(db, null, 50))
  expect(growing(plans)).toEqual([])
  expect(plans.some((plan) => /^SEARCH head .*\(subject=\? AND sequence=\?\)/.test(plan))).toBe(
    true,
  )
})

test('claimTasks() and nextDue() look at what is due alone', () => {
  const plans = plansOf((db) => {
    claimTasks(db, 0, 10, 1)
    nextDue(db)
  })
  expect(growing(plans)).toEqual([])
})

test('claimReceipt() looks at what has expired, and at its own row', () => {
  const receipt = { id: 'r', digest: 'd', now: 0, leaseMs: 1, keepMs: 1 }
  const plans = plansOf((db) => void claimReceipt(db, 'registry', receipt))
  expect(growing(plans)).toEqual([])
})
