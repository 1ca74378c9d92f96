import type { PgValue } from './pool.ts'

/** One statement of several parts, which write together or not at all. */
export interface Statement {
  readonly sql: string
  readonly values: readonly PgValue[]
}

/** Collects the parts, and numbers the values of all as it goes. */
export interface Builder {
  /** The place of a value: `$3`. */
  value(value: PgValue): string
  /** Adds `name AS (sql)`. */
  part(name: string, sql: string): void
  /** Ends the statement with what it answers. */
  end(select: string): Statement
}

export function statement(): Builder {
  const values: PgValue[] = []
  const parts: string[] = []
  return {
    value: (value) => `$${values.push(value)}`,
    part: (name, sql) => void parts.push(`${name} AS (${sql})`),
    end: (select) => ({ sql: `WITH ${parts.join(',\n')}\n${select}`, values }),
  }
}
