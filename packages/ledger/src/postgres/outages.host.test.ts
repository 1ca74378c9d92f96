import { isFault, type Ledger } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chainOf, increment, numberKey } from '../suite/samples.ts'
import { firstBreak } from '../suite/verify.ts'
import { isLost } from './failure.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import { openPool } from './pool.ts'
import {
  NO_POSTGRES,
  PASSWORD,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from './testing.ts'

const WRITERS = 6
const RESTARTS = 3
const LIMIT_MS = 120_000

/** Counts up, one after the other, until told to stop; what is answered and what is not. */
async function write(ledger: Ledger, which: number, stop: AbortSignal) {
  const told = { done: 0, failed: 0 }
  while (!stop.aborted) {
    try {
      await ledger.mutate(numberKey(which), increment)
      told.done += 1
    } catch (error) {
      if (!isFault(error) || !error.retryable) throw error
      told.failed += 1
    }
  }
  return told
}

async function reached(ledger: Ledger, count: number): Promise<void> {
  const key = numberKey(1)
  for (;;) {
    const stored = await ledger.read<{ count: number }>(key).catch(() => null)
    if ((stored?.state.count ?? 0) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe.skipIf(NO_POSTGRES)(
  `a server that goes away (needs Postgres's initdb and postgres)`,
  () => {
    let server: PostgresServer
    let ledger: Awaited<ReturnType<typeof openPostgresLedger>>
    beforeAll(async () => {
      server = await startPostgres()
      ledger = await openPostgresLedger({ url: await server.database() })
    }, STARTING_MS)
    afterAll(async () => {
      await ledger.close()
      await server.stop()
    })

    test(
      'is told of by a fault that says nothing of where it is, until it is back',
      async () => {
        await ledger.mutate(numberKey(0), increment)
        await server.crash()
        const asked = [
          ledger.ping(),
          ledger.read(numberKey(0)),
          ledger.list({ kind: 'number', limit: 1 }),
          ledger.mutate(numberKey(0), increment),
          ledger.claim(0, 1, 1),
        ]
        for (const each of await Promise.allSettled(asked)) {
          expect(each).toMatchObject({ reason: { code: 'internal', retryable: true } })
          expect(JSON.stringify(each)).not.toContain(PASSWORD)
        }
        await server.start()
        expect(await ledger.mutate(numberKey(0), increment)).toBe(2)
        await ledger.ping()
      },
      LIMIT_MS,
    )

    // A cable is pulled: nothing comes back, not even that the connection is gone.
    test('is not waited for where it does not answer, and others are asked then', async () => {
      const pool = openPool(await server.database(), 500)
      const asked = pool.all('SELECT pg_sleep(60)')
      expect(isLost(await asked.catch((error: unknown) => error))).toBe(true)
      expect(await pool.all('SELECT 1 AS one')).toMatchObject([{ one: 1 }])
      await pool.close()
    })

    // The machine under the database fails while commits are on their way, and nobody hears what became of them.
    test(
      'loses nothing that was answered, and does nothing twice',
      async () => {
        const stop = new AbortController()
        const writers = Array.from({ length: WRITERS }, (_, n) => write(ledger, n + 1, stop.signal))
        for (let round = 1; round <= RESTARTS; round += 1) {
          await reached(ledger, round * 20)
          await server.restart()
        }
        await reached(ledger, (RESTARTS + 1) * 20)
        stop.abort()
        for (const [index, told] of (await Promise.all(writers)).entries()) {
          const key = numberKey(index + 1)
          const count = (await ledger.read<{ count: number }>(key))?.version ?? 0
          expect(count).toBeGreaterThanOrEqual(told.done)
          expect(count).toBeLessThanOrEqual(told.done + told.failed)
          const events = await chainOf(ledger, key)
          expect(events).toHaveLength(count)
          expect(firstBreak(events)).toBeNull()
        }
      },
      LIMIT_MS,
    )
  },
)
