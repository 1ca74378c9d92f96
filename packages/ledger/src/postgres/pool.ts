import postgres from 'postgres'
import type { SqlRow } from '../sql/database.ts'

export type PgValue = string | number | null | readonly (string | number | null)[]

/** A connection, or all of them: asks, and gives the rows of the answer. */
export interface PgQueries {
  all(sql: string, ...values: readonly PgValue[]): Promise<readonly SqlRow[]>
}

export interface PgPool extends PgQueries {
  /** Runs `body` on one connection of its own between BEGIN and COMMIT; whatever it throws undoes all of it. */
  transaction<T>(mode: Mode, body: (db: PgQueries) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** What is written is guarded by versions; what is copied is one picture of everything. */
export type Mode = 'read committed' | 'repeatable read read only'

/** Connections of one host: tasks and requests wait for one, and many hosts share what the server has. */
const CONNECTIONS = 10
const CONNECT_TIMEOUT_SECONDS = 5
/** How long a connection that failed keeps the next from being made, at most. */
const LONGEST_PAUSE_SECONDS = 0.5
const FIRST_PAUSE_SECONDS = 0.02
/** How long requests under way may take when it is closed. */
const CLOSE_SECONDS = 5

/** int8 (https://www.postgresql.org/docs/current/catalog-pg-type.html): all of ours fit a number, which is checked. */
const INT8 = 20

function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_SECONDS * 2 ** failures, LONGEST_PAUSE_SECONDS)
}

/** Opens the connections of a host as they are needed. Errors are the client's, and are not to be shown. */
export function openPool(url: string): PgPool {
  const sql = postgres(url, {
    max: CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: pauseAfter,
    onnotice: () => undefined,
    connection: { application_name: 'latchkey' },
    types: {
      bigint: { to: INT8, from: [INT8], parse: Number, serialize: String },
    },
  })
  const over = (connection: Pick<typeof sql, 'unsafe'>): PgQueries => ({
    all: async (text, ...values) => connection.unsafe<SqlRow[]>(text, values.map(copy), OPTIONS),
  })
  return {
    ...over(sql),
    async transaction<T>(mode: Mode, body: (db: PgQueries) => Promise<T>): Promise<T> {
      let result: { readonly value: T } | undefined
      await sql.begin(`isolation level ${mode}`, async (own) => {
        result = { value: await body(over(own)) }
      })
      if (result === undefined) throw new Error('A transaction ended before its body')
      return result.value
    },
    close: () => sql.end({ timeout: CLOSE_SECONDS }),
  }
}

const OPTIONS = { prepare: true }

type Parameter = string | number | null | (string | number | null)[]

function copy(value: PgValue): Parameter {
  return typeof value === 'object' && value !== null ? [...value] : value
}
