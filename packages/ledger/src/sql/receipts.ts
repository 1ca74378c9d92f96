import { Fault, type Instant, type Partition, type ReceiptClaim } from '@latchkey/core'
import type { ReceiptEntry } from './change.ts'
import { integer, nullableText, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { decodeResponse } from './json.ts'

export interface ReceiptRequest {
  readonly id: string
  /** Of the request; the same receipt with another one is a mismatch. */
  readonly digest: string
  readonly now: Instant
  readonly leaseMs: number
  readonly keepMs: number
}

/** Each claim makes at most one receipt and removes up to this many: the table cannot outgrow its use. */
export const PURGED_PER_CLAIM = 8

function purge(db: SqlDatabase, now: Instant): void {
  const expired = db.all(
    `SELECT partition, id FROM receipts WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`,
    now,
    PURGED_PER_CLAIM,
  )
  for (const row of expired) {
    db.run(
      `DELETE FROM receipts WHERE partition = ? AND id = ?`,
      text(row, 'partition'),
      text(row, 'id'),
    )
  }
}

function grant(db: SqlDatabase, partition: Partition, request: ReceiptRequest): ReceiptClaim {
  const { id, digest, now, leaseMs, keepMs } = request
  const holder = crypto.randomUUID()
  db.run(
    `INSERT INTO receipts (partition, id, digest, holder, lease_until, response, expires_at)
     VALUES (?, ?, ?, ?, ?, NULL, ?)
     ON CONFLICT (partition, id) DO UPDATE SET digest = excluded.digest, holder = excluded.holder,
       lease_until = excluded.lease_until, response = NULL, expires_at = excluded.expires_at`,
    partition,
    id,
    digest,
    holder,
    now + leaseMs,
    now + Math.max(leaseMs, keepMs),
  )
  return { outcome: 'claimed', holder }
}

/** What came of the earlier request, by its receipt as it is stored; null: the receipt may be had. */
export function claimOutcome(row: SqlRow | null, request: ReceiptRequest): ReceiptClaim | null {
  if (row === null || integer(row, 'expires_at') <= request.now) return null
  if (text(row, 'digest') !== request.digest) return { outcome: 'mismatch' }
  const response = nullableText(row, 'response')
  if (response !== null) return { outcome: 'replay', response: decodeResponse(response) }
  return integer(row, 'lease_until') > request.now ? { outcome: 'in_flight' } : null
}

/** Takes a receipt for a request, or says what came of the earlier one. Runs in a transaction. */
export function claimReceipt(
  db: SqlDatabase,
  partition: Partition,
  request: ReceiptRequest,
): ReceiptClaim {
  const { id, now } = request
  purge(db, now)
  const row = first(
    db,
    `SELECT digest, lease_until, response, expires_at FROM receipts
     WHERE partition = ? AND id = ?`,
    partition,
    id,
  )
  return claimOutcome(row, request) ?? grant(db, partition, request)
}

/** What a holder is told that comes too late. */
export function lostReceipt(): Fault {
  return new Fault(
    'conflict',
    'Cannot complete the request: its idempotency key was claimed anew',
    {
      // The repeat is answered with what the new holder did.
      retryable: true,
    },
  )
}

/**
 * Keeps a response with the receipt that its holder claimed, or takes the receipt back.
 *
 * @throws Fault conflict where it is to be completed and somebody else holds it by now
 */
export function settleReceipt(db: SqlDatabase, partition: Partition, receipt: ReceiptEntry): void {
  if (receipt.response === null) {
    db.run(
      `DELETE FROM receipts WHERE partition = ? AND id = ? AND holder = ?`,
      partition,
      receipt.id,
      receipt.holder,
    )
    return
  }
  const completed = db.all(
    `UPDATE receipts SET response = ?
     WHERE partition = ? AND id = ? AND holder = ? AND response IS NULL RETURNING id`,
    receipt.response,
    partition,
    receipt.id,
    receipt.holder,
  )
  if (completed.length > 0) return
  throw lostReceipt()
}

export function releaseReceipt(
  db: SqlDatabase,
  partition: Partition,
  id: string,
  holder: string,
): void {
  db.run(
    `DELETE FROM receipts WHERE partition = ? AND id = ? AND holder = ? AND response IS NULL`,
    partition,
    id,
    holder,
  )
}
