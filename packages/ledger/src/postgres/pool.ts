import postgres from 'postgres'
import type { SqlRow } from '../sql/database.ts'
import { isBroken, UnansweredError } from './failure.ts'

export type PgValue = string | number | null | readonly (string | number | null)[]

/** Asks, and gives the rows of the answer. */
export interface PgQueries {
  all(sql: string, ...values: readonly PgValue[]): Promise<readonly SqlRow[]>
}

export interface PgPool extends PgQueries {
  close(): Promise<void>
}

/**
 * Connections of one host, unless its URL says `?max=`: tasks and requests wait for one, and many hosts share what the
 * server has.
 */
const CONNECTIONS = 10
const CONNECT_TIMEOUT_SECONDS = 5
/** How long a connection that failed keeps the next from being made, at most. */
const LONGEST_PAUSE_SECONDS = 0.5
const FIRST_PAUSE_SECONDS = 0.02
/** How long requests under way may take when it is closed. */
const CLOSE_SECONDS = 5
/** Ours are short statements: who does not answer by then is cut off, and does not know it. */
const ANSWER_MS = 30_000

/** OIDs (https://www.postgresql.org/docs/current/catalog-pg-type.html). Known, so that no connection has to ask first. */
const INT8 = 20
const INT8_ARRAY = 1016
const TEXT_ARRAY = 1009

/** An array as text (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
function arrayText(items: readonly (string | number | null)[]): string {
  const quoted = items.map((item) =>
    item === null ? 'NULL' : `"${String(item).replaceAll(/["\\]/g, '\\$&')}"`,
  )
  return `{${quoted.join(',')}}`
}

function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_SECONDS * 2 ** failures, LONGEST_PAUSE_SECONDS)
}

/** Connections to be used for a transaction where the process may end with them: see `openPool()`. */
export function connect(url: string) {
  return postgres(url, {
    max: Number(new URL(url).searchParams.get('max')) || CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: pauseAfter,
    onnotice: () => undefined,
    connection: { application_name: 'latchkey' },
    fetch_types: false,
    types: {
      // All of ours fit a number, which is checked where they are read.
      int8: { to: INT8, from: [INT8], parse: Number, serialize: String },
      int8s: { to: INT8_ARRAY, from: [], parse: String, serialize: arrayText },
      texts: { to: TEXT_ARRAY, from: [], parse: String, serialize: arrayText },
    },
  })
}

export type Connections = ReturnType<typeof connect>

export function queriesOn(sql: Pick<Connections, 'unsafe'>): PgQueries {
  return {
    all: async (text, ...values) => sql.unsafe<SqlRow[]>(text, values.map(copy), OPTIONS),
  }
}

/**
 * Opens the connections of a host as they are needed. Errors are the client's, and are not to be shown.
 *
 * A connection that is lost in the middle of writing stays deaf when it is made anew
 * (https://github.com/porsager/postgres/pull/1168), so all are left to themselves then, and others take their place.
 * The same makes a transaction of many statements a risk for the whole process: each here is one statement.
 */
export function openPool(url: string, answerMs = ANSWER_MS): PgPool {
  let sql = connect(url)
  let closed = false
  const discard = (old: typeof sql) => {
    if (old !== sql || closed) return
    sql = connect(url)
    void old.end({ timeout: CLOSE_SECONDS })
  }
  return {
    async all(text, ...values) {
      const own = sql
      try {
        return await within(answerMs, queriesOn(own).all(text, ...values))
      } catch (error) {
        if (isBroken(error)) discard(own)
        throw error
      }
    },
    close() {
      closed = true
      return sql.end({ timeout: CLOSE_SECONDS })
    },
  }
}

/** @throws UnansweredError */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new UnansweredError()), ms)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const OPTIONS = { prepare: true }

type Parameter = string | number | null | (string | number | null)[]

function copy(value: PgValue): Parameter {
  if (typeof value === 'string') return storable(value)
  return typeof value === 'object' && value !== null ? value.map(copyItem) : value
}

function copyItem(item: string | number | null): string | number | null {
  return typeof item === 'string' ? storable(item) : item
}

/**
 * The one character that Postgres has no place for, in a text that somebody looks for or filters by, as one that means
 * nothing (https://www.unicode.org/faq/private_use.html#noncharacters). JSON text never has it as such.
 */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFF') : text
}
