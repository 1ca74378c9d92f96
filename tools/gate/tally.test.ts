import { describe, expect, test } from 'vitest'
import type { RunResults } from '../../tests/runners/results.ts'
import { sum, tallyCheck, tallyRuntime } from './tally.ts'
import { parseSummary } from './turbo.ts'

const results = (tests: RunResults['tests'], errors: RunResults['errors'] = []): RunResults => ({
  runtime: 'node',
  tests,
  errors,
})

const PASSED = { file: 'a.test.ts', name: 'one', status: 'passed' } as const
const FAILED = { file: 'a.test.ts', name: 'two', status: 'failed', note: 'Error' } as const

describe('tallyRuntime()', () => {
  test('counts tests', () => {
    expect(tallyRuntime('node', results([PASSED, FAILED, PASSED]), 1)).toMatchObject({
      passed: 2,
      failed: 1,
      skipped: 0,
      failures: ['a.test.ts > two'],
    })
  })

  test('fails where there are no results', () => {
    const tally = tallyRuntime('node', new Error('ENOENT: node.json'), 0)
    expect(tally).toMatchObject({ passed: 0, failed: 1, failures: ['ENOENT: node.json'] })
  })

  test('fails where no test was found', () => {
    const tally = tallyRuntime('node', results([]), 0)
    expect(tally).toMatchObject({ failed: 1, failures: ['node: no test was found'] })
  })

  test.each([
    [1, 'node: the runner ended with exit code 1'],
    [null, 'node: the runner ended with a crash'],
  ])('does not believe green tests against the exit code %s', (exitCode, failure) => {
    const tally = tallyRuntime('node', results([PASSED]), exitCode)
    expect(tally).toMatchObject({ passed: 1, failed: 1, failures: [failure] })
  })

  test('counts an error beside the tests as a failure, and only once', () => {
    const tally = tallyRuntime('node', results([PASSED], ['b.test.ts: does not load']), 1)
    expect(tally).toMatchObject({ failed: 1, failures: ['b.test.ts: does not load'] })
  })

  test.each([
    ['claims (needs DATABASE_URL)', undefined, 'needs DATABASE_URL'],
    ['Postgres (needs DATABASE_URL) > claims', undefined, 'needs DATABASE_URL'],
    ['claims (all) of it', undefined, 'no reason given'],
    ['claims', 'no openssl here', 'no openssl here'],
  ])('tells why %s is skipped', (name, note, reason) => {
    const skipped = { file: 'a.test.ts', name, status: 'skipped' } as const
    const tally = tallyRuntime(
      'node',
      results([note === undefined ? skipped : { ...skipped, note }]),
      0,
    )
    expect(tally).toMatchObject({ skipped: 1, failed: 0 })
    expect(tally.skips).toEqual([{ test: `a.test.ts > ${name}`, reason }])
  })
})

const outcome = (name: string, exitCode: number | null) => ({
  task: 'types',
  package: name,
  exitCode,
})

describe('tallyCheck()', () => {
  test('passes once for all packages', () => {
    const tally = tallyCheck('types', [outcome('@latchkey/core', 0), outcome('@latchkey/api', 0)])
    expect(tally).toMatchObject({ passed: 1, failed: 0, failures: [] })
  })

  test('fails once, naming each package that fails', () => {
    const outcomes = [
      outcome('@latchkey/core', 2),
      outcome('@latchkey/api', null),
      outcome('//', 0),
    ]
    expect(tallyCheck('types', outcomes)).toMatchObject({
      passed: 0,
      failed: 1,
      failures: ['types in @latchkey/core: exit code 2', 'types in @latchkey/api: a crash'],
    })
  })

  test('fails where it did not run', () => {
    expect(tallyCheck('check:lint', [outcome('//', 0)])).toMatchObject({
      failed: 1,
      failures: ['check:lint: did not run'],
    })
  })
})

describe('sum()', () => {
  test('adds runtimes and checks', () => {
    const runtime = tallyRuntime('node', results([PASSED, FAILED]), 1)
    const check = tallyCheck('types', [{ task: 'types', package: '//', exitCode: 0 }])
    expect(sum([runtime, check])).toEqual({ passed: 2, failed: 1, skipped: 0 })
  })
})

describe('parseSummary()', () => {
  test('reads the outcome of every task, run or not', () => {
    const tasks = [
      { task: 'types', package: '@latchkey/core', execution: { exitCode: 0 } },
      { task: 'check:lint', package: '//', execution: { exitCode: 1, error: 'exited (1)' } },
      { task: 'test:deno', package: '//', execution: null },
    ]
    expect(parseSummary(JSON.stringify({ tasks }))).toEqual([
      { task: 'types', package: '@latchkey/core', exitCode: 0 },
      { task: 'check:lint', package: '//', exitCode: 1 },
      { task: 'test:deno', package: '//', exitCode: null },
    ])
  })

  test('refuses what is no summary', () => {
    expect(() => parseSummary('{}')).toThrow('Cannot read summary of turbo')
  })
})
