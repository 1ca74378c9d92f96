import { randomUUID } from 'node:crypto'
import { Fault, type Partition, type ReceiptClaim } from '@latchkey/core'
import { claimOutcome, PURGED_PER_CLAIM, type ReceiptRequest } from '../sql/receipts.ts'
import { persist } from './persist.ts'
import type { PgPool, PgQueries } from './pool.ts'

/** How often a receipt may be gone, or be taken, between two looks at it. */
const ATTEMPTS = 20

async function purge(db: PgQueries, now: number): Promise<void> {
  await db.all(
    `WITH expired AS (
       SELECT partition, id FROM receipts WHERE expires_at <= $1
       ORDER BY expires_at LIMIT ${PURGED_PER_CLAIM} FOR UPDATE SKIP LOCKED
     )
     DELETE FROM receipts r USING expired
     WHERE r.partition = expired.partition AND r.id = expired.id`,
    now,
  )
}

/** Makes a receipt, or takes one that may be had. Asked again by the same holder, it says the same. */
async function take(
  db: PgQueries,
  partition: Partition,
  { id, digest, now, leaseMs, keepMs }: ReceiptRequest,
  holder: string,
): Promise<boolean> {
  const taken = await db.all(
    `INSERT INTO receipts AS r (partition, id, digest, holder, lease_until, response, expires_at)
     VALUES ($1, $2, $3, $4, $5, NULL, $6)
     ON CONFLICT (partition, id) DO UPDATE SET digest = excluded.digest, holder = excluded.holder,
       lease_until = excluded.lease_until, response = NULL, expires_at = excluded.expires_at
     WHERE r.expires_at <= $7 OR r.holder = excluded.holder
       OR (r.digest = excluded.digest AND r.response IS NULL AND r.lease_until <= $7)
     RETURNING holder`,
    partition,
    id,
    digest,
    holder,
    now + leaseMs,
    now + Math.max(leaseMs, keepMs),
    now,
  )
  return taken.length > 0
}

/** Takes a receipt for a request, or says what came of the earlier one. */
export async function claimReceipt(
  pool: PgPool,
  partition: Partition,
  request: ReceiptRequest,
): Promise<ReceiptClaim> {
  const holder = randomUUID()
  await persist(() => purge(pool, request.now))
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await persist(() => take(pool, partition, request, holder))) {
      return { outcome: 'claimed', holder }
    }
    const [row] = await persist(() =>
      pool.all(
        `SELECT digest, lease_until, response, expires_at FROM receipts
         WHERE partition = $1 AND id = $2`,
        partition,
        request.id,
      ),
    )
    const outcome = claimOutcome(row ?? null, request)
    if (outcome !== null) return outcome
  }
  throw new Fault('conflict', 'Cannot claim the idempotency key: others keep claiming it', {
    retryable: true,
  })
}

export async function releaseReceipt(
  db: PgQueries,
  partition: Partition,
  id: string,
  holder: string,
): Promise<void> {
  await db.all(
    `DELETE FROM receipts
     WHERE partition = $1 AND id = $2 AND holder = $3 AND response IS NULL`,
    partition,
    id,
    holder,
  )
}
