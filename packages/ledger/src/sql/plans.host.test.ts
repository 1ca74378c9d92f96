import { expect, test } from 'vitest'
import type { EventQuery, ListQuery } from '@latchkey/core'
import { openDatabase } from '../sqlite/database.ts'
import { text } from './columns.ts'
import type { SqlDatabase, SqlValue } from './database.ts'
import { listEvents } from './event-query.ts'
import { digestHeads } from './digest-heads.ts'
import { listRows } from './list.ts'
import { migrate } from './migrate.ts'
import { claimReceipt } from './receipts.ts'
import { LEDGER_SCHEMA } from './schema.ts'
import { claimTasks, nextDue } from './tasks.ts'

type Statement = readonly [sql: string, ...values: readonly SqlValue[]]

/** Runs `body`, and gives SQLite's plan for every statement that it used. */
async function plansOf(body: (db: SqlDatabase) => unknown): Promise<string[]> {
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
  await body(recorded)
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
  ['two connections', { connections: ['con_0000000000000001', 'con_0000000000000002'] }],
  [
    'a label in two connections after a cursor',
    {
      where: { provider: 'a' },
      connections: ['con_0000000000000001', 'con_0000000000000002'],
      cursor: 'num_0',
    },
  ],
  ['three labels', { where: { provider: 'a', sync: 'true', status: 'valid' } }],
]

test.each(lists)('listRows() reads only what a page needs: %s', async (_, query) => {
  const plans = await plansOf((db) => listRows(db, { ...query, kind: 'number', limit: 50 }))
  expect(plans.length).toBeGreaterThan(0)
  expect(growing(plans)).toEqual([])
})

test('listRows() finds labels without touching the rows themselves', async () => {
  const where = { provider: 'a', sync: 'true' }
  const plans = await plansOf((db) => listRows(db, { kind: 'number', where, limit: 50 }))
  const labels = plans.filter((plan) => /\b(?:lead|l\d|labels)\b/.test(plan))
  expect(labels.length).toBeGreaterThan(0)
  expect(labels.filter((plan) => !plan.includes('USING PRIMARY KEY'))).toEqual([])
})

const bySubject = '(subject=? AND sequence>?)'
const byPosition = 'INTEGER PRIMARY KEY (rowid>?)'
const queries: readonly (readonly [string, string, Omit<EventQuery, 'limit'>])[] = [
  ['all', byPosition, {}],
  ['all after a cursor', byPosition, { cursor: '7' }],
  ['later than an instant', 'events_by_time (latest_at>?)', { after: 5 }],
  ['one type', 'events_by_type (type=? AND position>?)', { type: 'key.published' }],
  ['one type after an instant', 'events_by_type (type=?', { type: 'key.published', after: 5 }],
  ['one subject', bySubject, { subject: 'num_1', cursor: '7' }],
  ['one subject and type', bySubject, { subject: 'num_1', type: 'key.published', after: 5 }],
  [
    'two connections',
    'COVERING INDEX events_by_connection (connection=? AND position>?)',
    { connections: ['con_1', 'con_2'], type: 'key.published' },
  ],
]

test.each(queries)('listEvents() reads only what a page needs: %s', async (_, used, query) => {
  const plans = await plansOf((db) => listEvents(db, { ...query, limit: 50 }))
  expect(plans.filter((plan) => plan.includes(used)).length).toBeGreaterThan(0)
  expect(growing(plans)).toEqual([])
})

test('digestHeads() steps from subject to subject, not over events', async () => {
  const plans = await plansOf((db) => digestHeads(db, null))
  expect(growing(plans)).toEqual([])
  expect(plans.some((plan) => /^SEARCH head .*\(subject=\? AND sequence=\?\)/.test(plan))).toBe(
    true,
  )
})

test('claimTasks() and nextDue() look at what is due alone', async () => {
  const plans = await plansOf((db) => {
    claimTasks(db, 0, 10, 1)
    nextDue(db)
  })
  expect(growing(plans)).toEqual([])
})

test('claimReceipt() looks at what has expired, and at its own row', async () => {
  const receipt = { id: 'r', digest: 'd', now: 0, leaseMs: 1, keepMs: 1 }
  const plans = await plansOf((db) => claimReceipt(db, 'registry', receipt))
  expect(growing(plans)).toEqual([])
})
