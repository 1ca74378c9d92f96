import type { RunResults, Runtime } from '../../tests/runners/results.ts'

/** A suite that every engine has to pass, and the file that runs it over each. */
export interface MatrixSuite {
  readonly name: string
  readonly rows: readonly MatrixRow[]
}

export interface MatrixRow {
  readonly engine: string
  readonly file: string
  /** Where the engine is to be had. */
  readonly runtimes: readonly Runtime[]
}

export const MATRIX: readonly MatrixSuite[] = [
  {
    name: 'The ledger’s contract',
    rows: [
      {
        engine: 'SQLite',
        file: 'packages/ledger/src/sqlite/sqlite.host.test.ts',
        runtimes: ['node', 'deno'],
      },
      {
        engine: 'Postgres',
        file: 'packages/ledger/src/postgres/postgres.host.test.ts',
        runtimes: ['node', 'deno'],
      },
      {
        engine: 'Durable Objects',
        file: 'packages/ledger/src/durable-object/durable-object.workerd.test.ts',
        runtimes: ['workerd'],
      },
    ],
  },
  {
    name: 'The API',
    rows: [
      { engine: 'SQLite', file: 'tests/api/api.host.test.ts', runtimes: ['node', 'deno'] },
      { engine: 'Postgres', file: 'tests/api/api-postgres.deno.test.ts', runtimes: ['deno'] },
      { engine: 'Durable Objects', file: 'tests/api/api.workerd.test.ts', runtimes: ['workerd'] },
    ],
  },
]

export type Cell =
  /** The engine is not to be had there. */
  | { readonly is: 'none' }
  /** It is, and nothing was run. */
  | { readonly is: 'missing' }
  | {
      readonly is: 'run'
      readonly passed: number
      readonly failed: number
      readonly skipped: number
    }

export interface FilledRow extends MatrixRow {
  readonly cells: ReadonlyMap<Runtime, Cell>
}

export interface FilledSuite {
  readonly name: string
  readonly rows: readonly FilledRow[]
}

/** What the runs have to show for each suite, engine and runtime. */
export function fillMatrix(
  suites: readonly MatrixSuite[],
  runs: ReadonlyMap<Runtime, Pick<RunResults, 'tests'>>,
): readonly FilledSuite[] {
  return suites.map(({ name, rows }) => ({
    name,
    rows: rows.map((row) => ({
      ...row,
      cells: new Map([...runs].map(([runtime, run]) => [runtime, cellOf(row, runtime, run)])),
    })),
  }))
}

function cellOf(
  { file, runtimes }: MatrixRow,
  runtime: Runtime,
  { tests }: Pick<RunResults, 'tests'>,
): Cell {
  const own = tests.filter((test) => test.file === file)
  if (own.length === 0) return { is: runtimes.includes(runtime) ? 'missing' : 'none' }
  const count = (wanted: string) => own.filter(({ status }) => status === wanted).length
  return {
    is: 'run',
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  }
}

/** Each place where a suite should have been run and was not, in a line. */
export function gapsOf(suites: readonly FilledSuite[]): readonly string[] {
  return suites.flatMap(({ name, rows }) =>
    rows.flatMap(({ engine, cells }) =>
      [...cells]
        .filter(([, { is }]) => is === 'missing')
        .map(([runtime]) => `${name} over ${engine} on ${runtime}: no test was found`),
    ),
  )
}
