import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { increment, numberKey } from '../suite/samples.ts'
import { UnansweredError } from './failure.ts'
import { mutate } from './mutate.ts'
import { openPool, type PgPool } from './pool.ts'
import { NO_POSTGRES, type PostgresServer, startPostgres, STARTING_MS } from './testing.ts'

const key = numberKey(1)

describe.skipIf(NO_POSTGRES)(`mutate() (needs Postgres's initdb and postgres)`, () => {
  let server: PostgresServer
  let pool: PgPool
  let url: string
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  beforeEach(async () => {
    url = await server.database()
    pool = openPool(url)
  })
  afterEach(async () => {
    await pool.close()
    await server.recycle(url)
  })
  afterAll(() => server.stop())

  /** The pool, but the answer to the first commit is lost, after what `instead` does. */
  function losing(instead: (commit: () => Promise<unknown>) => Promise<unknown>): PgPool {
    let lost = false
    return {
      ...pool,
      async all(sql, ...values) {
        const answer = () => pool.all(sql, ...values)
        if (lost || !sql.startsWith('WITH changed')) return answer()
        lost = true
        await instead(answer)
        throw new UnansweredError()
      },
    }
  }
  const stored = async () => {
    const [row] = await pool.all(
      `SELECT version, (SELECT count(*) FROM events) AS events FROM aggregates`,
    )
    return row
  }

  test('finds what it committed before the connection was lost, and does it once', async () => {
    expect(
      await mutate(
        losing((commit) => commit()),
        key,
        increment,
      ),
    ).toBe(1)
    expect(await stored()).toMatchObject({ version: 1, events: 1 })
  })

  test('does what had not arrived when the connection was lost', async () => {
    expect(
      await mutate(
        losing(async () => undefined),
        key,
        increment,
      ),
    ).toBe(1)
    expect(await stored()).toMatchObject({ version: 1, events: 1 })
  })

  test('decides anew where somebody else came first instead', async () => {
    const other = losing(() => mutate(pool, key, increment))
    expect(await mutate(other, key, increment)).toBe(2)
    expect(await stored()).toMatchObject({ version: 2, events: 2 })
  })

  // Whether the first of two changes was its own, nobody can say any more; a guess would do it twice, or not at all.
  test('says that nobody knows where others have gone on since', async () => {
    const others = losing(async (commit) => {
      await commit()
      await mutate(pool, key, increment)
    })
    await expect(mutate(others, key, increment)).rejects.toMatchObject({
      code: 'internal',
      retryable: true,
      message: `Cannot tell whether ${key.id} was changed: the connection to the Postgres database was lost`,
    })
    expect(await stored()).toMatchObject({ version: 2, events: 2 })
  })
})
