import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TestResult } from '../../tests/runners/results.ts'
import { fillMatrix, gapsOf, MATRIX, type MatrixSuite } from './matrix.ts'
import { report } from './report.ts'

const SUITES: readonly MatrixSuite[] = [
  {
    name: 'The API',
    rows: [
      { engine: 'SQLite', file: 'a.test.ts', runtimes: ['node', 'deno'] },
      { engine: 'Durable Objects', file: 'b.test.ts', runtimes: ['workerd'] },
    ],
  },
]

const tests = (file: string, ...statuses: readonly TestResult['status'][]) => ({
  tests: statuses.map((status, index) => ({ file, name: `test ${index}`, status })),
})

test('fillMatrix() counts what each runtime has run over each engine', () => {
  const filled = fillMatrix(
    SUITES,
    new Map([
      ['node', tests('a.test.ts', 'passed', 'passed', 'failed')],
      ['workerd', tests('b.test.ts', 'passed', 'skipped')],
      ['deno', tests('a.test.ts', 'passed')],
    ]),
  )
  const text = report([], filled)
  expect(text).toContain(
    [
      'The API                    node  workerd     deno',
      '  SQLite               1 failed        –        1',
      '  Durable Objects             –        1        –',
    ].join('\n'),
  )
  expect(gapsOf(filled)).toEqual([])
})

// A suite that is no longer found would otherwise be as green as one that passes.
test('gapsOf() names what should have been run and was not', () => {
  const runs = new Map([
    ['node', tests('a.test.ts', 'passed')],
    ['deno', tests('other.test.ts', 'passed')],
  ] as const)
  expect(gapsOf(fillMatrix(SUITES, runs))).toEqual([
    'The API over SQLite on deno: no test was found',
  ])
})

test('a suite that was skipped is told as skipped', () => {
  const filled = fillMatrix(SUITES, new Map([['node', tests('a.test.ts', 'skipped')]]))
  expect(report([], filled)).toContain('  SQLite                skipped')
  expect(gapsOf(filled)).toEqual([])
})

test('MATRIX names files that are there', () => {
  const root = new URL('../../', import.meta.url)
  const files = MATRIX.flatMap(({ rows }) => rows.map(({ file }) => file))
  expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([])
})
