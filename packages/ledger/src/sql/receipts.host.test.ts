import { expect, test } from 'vitest'
import { openDatabase } from '../sqlite/database.ts'
import { migrate } from './migrate.ts'
import { claimReceipt } from './receipts.ts'
import { LEDGER_SCHEMA } from './schema.ts'

// A day's worth of receipts expires while nobody writes, and the next write must not pay for all.
test('claimReceipt() removes a few expired receipts each time, until none is left', () => {
  const db = openDatabase(':memory:')
  migrate(db, { schema: 'ledger', migrations: LEDGER_SCHEMA, where: 'the test' })
  const claim = (id: string, now: number) =>
    claimReceipt(db, 'registry', { id, digest: 'd', now, leaseMs: 1, keepMs: 100 })
  const left = () => db.all('SELECT id FROM receipts WHERE expires_at <= 1000').length
  for (let n = 0; n < 20; n += 1) claim(`old-${n}`, 0)
  const counts = [left()]
  for (let n = 0; n < 3; n += 1) {
    claim(`new-${n}`, 1000)
    counts.push(left())
  }
  expect(counts).toEqual([20, 12, 4, 0])
  db.close()
})
