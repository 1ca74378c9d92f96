import type { RunResults } from '../../tests/runners/results.ts'
import type { TaskOutcome } from './turbo.ts'

/** One row of the table: a runtime with its tests, or a check, which is one. */
export interface Tally {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What failed, in a line each. */
  readonly failures: readonly string[]
  readonly skips: readonly Skip[]
}

export interface Skip {
  readonly test: string
  readonly reason: string
}

const exitWord = (exitCode: number | null) =>
  exitCode === null ? 'a crash' : `exit code ${exitCode}`

/** A check passes where it ran in at least one package and passed in all. */
export function tallyCheck(check: string, outcomes: readonly TaskOutcome[]): Tally {
  const own = outcomes.filter(({ task }) => task === check)
  const failures = own
    .filter(({ exitCode }) => exitCode !== 0)
    .map((outcome) => {
      const where = outcome.package === '//' ? '' : ` in ${outcome.package}`
      return `${check}${where}: ${exitWord(outcome.exitCode)}`
    })
  if (own.length === 0) failures.push(`${check}: did not run`)
  const failed = failures.length > 0 ? 1 : 0
  return { name: check, passed: 1 - failed, failed, skipped: 0, failures, skips: [] }
}

/**
 * What a runtime's results come to. Without results, without a test, or with an exit code that its tests do not
 * explain, there is a failure more: green is only what was seen to be green.
 */
export function tallyRuntime(
  name: string,
  results: RunResults | Error,
  exitCode: number | null,
): Tally {
  const { tests, errors } =
    results instanceof Error ? { tests: [], errors: [results.message] } : results
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map((test) => `${test.file} > ${test.name}`)
  failures.push(...errors)
  if (tests.length === 0 && errors.length === 0) failures.push(`${name}: no test was found`)
  if (exitCode !== 0 && failures.length === 0) {
    failures.push(`${name}: the runner ended with ${exitWord(exitCode)}`)
  }
  const skips = tests
    .filter(({ status }) => status === 'skipped')
    .map((test) => ({
      test: `${test.file} > ${test.name}`,
      reason: test.note ?? needOf(test.name),
    }))
  return {
    name,
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length,
    skipped: skips.length,
    failures,
    skips,
  }
}

/** The matrix is a check of its own: it passes where every suite was run wherever it has to be. */
export function tallyGaps(gaps: readonly string[]): Tally {
  const failed = gaps.length > 0 ? 1 : 0
  return { name: 'matrix', passed: 1 - failed, failed, skipped: 0, failures: gaps, skips: [] }
}

/** A skipped test, or the suite it is in, ends its title with what it needs. */
function needOf(name: string): string {
  const needs = [...name.matchAll(/\(([^()]+)\)(?= > |$)/g)].map(([, need]) => need)
  return needs.at(-1) ?? 'no reason given'
}

export interface Sum {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const sum = (tallies: readonly Tally[]): Sum => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
  skipped: tallies.reduce((total, { skipped }) => total + skipped, 0),
})
