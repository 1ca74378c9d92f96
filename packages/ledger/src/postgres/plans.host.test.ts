import type { EventQuery, ListQuery } from '@latchkey/core'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTION, NOW, numberKey, OTHER_CONNECTION } from '../suite/samples.ts'
import { digestHeads } from './digest-heads.ts'
import { listEvents } from './event-query.ts'
import { listRows } from './list.ts'
import { openPool, type PgPool, type PgQueries, type PgValue } from './pool.ts'
import { claimReceipt } from './receipts.ts'
import { claimTasks, nextDue } from './tasks.ts'
import { NO_POSTGRES, type PostgresServer, startPostgres, STARTING_MS } from './testing.ts'

/** So many that the planner would not take a whole table for cheaper. */
const ROWS = 40_000

const id = `'num_${CONNECTION.slice('con_'.length)}' || lpad(n::text, 12, '0')`
const series = `generate_series(1, ${ROWS}) n`
const FILL = [
  `INSERT INTO aggregates SELECT 'number', ${id}, 1, '{}', '{}', 'test' FROM ${series}`,
  `INSERT INTO labels SELECT 'number', 'provider', 'a', ${id} FROM ${series}`,
  `INSERT INTO labels SELECT 'number', 'sync', (n % 10 = 0)::text, ${id} FROM ${series}`,
  `INSERT INTO labels SELECT 'number', 'status', (n % 1000)::text, ${id} FROM ${series}`,
  `INSERT INTO events SELECT n, 'evt_' || n, ${id}, 1, 'con_' || n % 100, (n % 50)::text, n, n,
     'system', 'test', '{}', 'hash', NULL FROM ${series}`,
  `INSERT INTO tasks SELECT 'number', ${id}, 'check', ${NOW} + n, '{}', n, ${NOW} + n, 0 FROM ${series}`,
  `INSERT INTO receipts SELECT '${CONNECTION}', n::text, 'd', 'h', 0, NULL, ${NOW} + n FROM ${series}`,
  `UPDATE log SET position = ${ROWS}, latest_at = ${ROWS}`,
  'VACUUM ANALYZE',
]

function literal(value: PgValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : `{${value.map(String).join(',')}}`
  return `'${text.replaceAll("'", "''")}'`
}

/** A plan grows with a table that it reads as a whole, or that it joins with as a whole. */
function growing(plans: readonly string[]): string[] {
  return plans.filter((plan) => /Seq Scan on (?!log)|Hash Join|Merge Join/.test(plan))
}

describe.skipIf(NO_POSTGRES)(`what Postgres reads (needs Postgres's initdb and postgres)`, () => {
  let server: PostgresServer
  let url: string
  let pool: PgPool
  beforeAll(async () => {
    server = await startPostgres()
    url = await server.database()
    pool = openPool(url)
    for (const sql of FILL) await pool.all(sql)
  }, STARTING_MS)
  afterAll(async () => {
    await pool.close()
    await server.stop()
  })

  /** The plans of what `body` asks, made for its very values, and once for all. */
  async function plansOf(body: (db: PgPool) => Promise<unknown>): Promise<string[]> {
    const asked: { sql: string; values: readonly PgValue[] }[] = []
    const all: PgQueries['all'] = (sql, ...values) => {
      asked.push({ sql, values })
      return pool.all(sql, ...values)
    }
    await body({ ...pool, all })
    const db = postgres(url, { max: 1 })
    const plans: string[] = []
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await db.unsafe(`SET plan_cache_mode = ${mode}`)
      for (const { sql, values } of asked) {
        await db.unsafe(`PREPARE asked AS ${sql}`)
        const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`
        const rows = await db.unsafe(`EXPLAIN (COSTS OFF) EXECUTE asked ${given}`)
        plans.push(rows.map((row) => String(row['QUERY PLAN'])).join('\n'))
        await db.unsafe('DEALLOCATE asked')
      }
    }
    await db.end()
    return plans
  }

  const lists: readonly (readonly [string, Omit<ListQuery, 'kind' | 'limit'>])[] = [
    ['all', {}],
    ['all after a cursor', { cursor: numberKey(700).id }],
    ['one common label', { where: { provider: 'a' } }],
    ['one rare label', { where: { status: '7' } }],
    ['two labels after a cursor', { where: { provider: 'a', sync: 'true' }, cursor: 'num_1' }],
    ['two connections', { connections: [CONNECTION, OTHER_CONNECTION] }],
    [
      'three labels in two connections',
      {
        where: { provider: 'a', sync: 'true', status: '70' },
        connections: [CONNECTION, OTHER_CONNECTION],
      },
    ],
  ]
  test.each(lists)('for a list is what a page needs: %s', async (_, query) => {
    const plans = await plansOf((db) => listRows(db, { ...query, kind: 'number', limit: 50 }))
    expect(plans.length).toBeGreaterThan(0)
    expect(growing(plans)).toEqual([])
  })

  const queries: readonly (readonly [string, string, Omit<EventQuery, 'limit'>])[] = [
    ['all', 'events_pkey', {}],
    ['all after a cursor', 'events_pkey', { cursor: '7' }],
    ['later than an instant', 'events_by_time', { after: ROWS - 100 }],
    ['one type', 'events_by_type', { type: '7' }],
    ['one type after an instant', 'events_by_type', { type: '7', after: 5 }],
    ['one subject', 'events_subject_sequence_key', { subject: numberKey(7).id, cursor: '7' }],
    ['two connections', 'events_by_connection', { connections: ['con_7', 'con_8'] }],
  ]
  test.each(queries)('for events is what a page needs: %s', async (_, index, query) => {
    const plans = await plansOf((db) => listEvents(db, { ...query, limit: 50 }))
    expect(plans.filter((plan) => plan.includes(index)).length).toBeGreaterThan(1)
    expect(growing(plans)).toEqual([])
  })

  test('for claims is what is due', async () => {
    const plans = await plansOf(async (db) => {
      await claimTasks(db, NOW, 10, 1)
      await nextDue(db)
    })
    expect(growing(plans)).toEqual([])
  })

  test('for a receipt is what has expired, and its own row', async () => {
    const receipt = { id: 'r', digest: 'd', now: NOW, leaseMs: 1, keepMs: 1 }
    const plans = await plansOf((db) => claimReceipt(db, 'registry', receipt))
    expect(growing(plans)).toEqual([])
  })

  test('for a digest is the newest event of each subject', async () => {
    const plans = await plansOf((db) => digestHeads(db, null))
    expect(plans.some((plan) => plan.includes('events_subject_sequence_key'))).toBe(true)
    expect(plans.filter((plan) => plan.includes('Seq Scan on events'))).toEqual([])
  })
})
