/**
 * The one form in which every runtime tells its outcome: `.results/<runtime>.json`. The gate sums these, so a
 * runner that dies before it writes is seen as missing and never as green.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const RUNTIMES = ['node', 'workerd', 'deno'] as const
export type Runtime = (typeof RUNTIMES)[number]

export interface TestResult {
  /** Relative to the repository. */
  readonly file: string
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or how it failed. */
  readonly note?: string
}

export interface RunResults {
  readonly runtime: Runtime
  readonly tests: readonly TestResult[]
  /** Failures that belong to no test: a file that does not load, an error after its test. */
  readonly errors: readonly string[]
}

const FOLDER = '.results'

const pathOf = (root: string, runtime: Runtime) => join(root, FOLDER, `${runtime}.json`)

export function writeResults(root: string, results: RunResults): void {
  mkdirSync(join(root, FOLDER), { recursive: true })
  writeFileSync(pathOf(root, results.runtime), `${JSON.stringify(results, null, 1)}\n`)
}

/** @throws when there is no file, or it was not written by a run of `runtime` */
export function readResults(root: string, runtime: Runtime): RunResults {
  const value: unknown = JSON.parse(readFileSync(pathOf(root, runtime), 'utf8'))
  if (!isRunResults(value) || value.runtime !== runtime) {
    throw new Error(`Cannot read results of ${runtime}: the file has another shape`)
  }
  return value
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isTestResult = (value: unknown): value is TestResult =>
  isRecord(value) &&
  typeof value['file'] === 'string' &&
  typeof value['name'] === 'string' &&
  (value['status'] === 'passed' || value['status'] === 'failed' || value['status'] === 'skipped') &&
  (value['note'] === undefined || typeof value['note'] === 'string')

const isRunResults = (value: unknown): value is RunResults =>
  isRecord(value) &&
  RUNTIMES.some((runtime) => runtime === value['runtime']) &&
  Array.isArray(value['tests']) &&
  value['tests'].every(isTestResult) &&
  Array.isArray(value['errors']) &&
  value['errors'].every((error) => typeof error === 'string')
