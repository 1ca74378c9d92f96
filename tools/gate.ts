/**
 * The gate, `pnpm test` and `pnpm ok`: every check and every test on three runtimes, to the end whatever fails. Its
 * last line is the sum. It is green only for what it has seen: old results are deleted first, and a runner that
 * crashes or finds no test has failed.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readResults, RUNTIMES, type Runtime, type RunResults } from '../tests/runners/results.ts'
import { fillMatrix, gapsOf, MATRIX } from './gate/matrix.ts'
import { report, sumLine } from './gate/report.ts'
import { sum, tallyCheck, tallyGaps, tallyRuntime } from './gate/tally.ts'
import { CHECKS, TESTS, testTask } from './gate/tasks.ts'
import { runTurbo } from './gate/turbo.ts'

const MINUTE_MS = 60_000
const CHECKS_LIMIT_MS = 8 * MINUTE_MS
const TESTS_LIMIT_MS = 28 * MINUTE_MS

const root = fileURLToPath(new URL('../', import.meta.url))
const results = join(root, '.results')

function resultsOf(runtime: Runtime): RunResults | Error {
  try {
    return readResults(root, runtime)
  } catch (error) {
    return new Error(`${runtime}: the runner left no results (${String(error)})`)
  }
}

rmSync(results, { recursive: true, force: true })
const checks = await runTurbo(root, CHECKS, { concurrency: 2, timeoutMs: CHECKS_LIMIT_MS })
// One after the other: each uses all cores.
const tests = await runTurbo(root, TESTS, { concurrency: 1, timeoutMs: TESTS_LIMIT_MS })

const exitCodeOf = (runtime: Runtime) =>
  tests.find(({ task }) => task === testTask(runtime))?.exitCode ?? null

const runs = new Map(RUNTIMES.map((runtime) => [runtime, resultsOf(runtime)]))
const matrix = fillMatrix(
  MATRIX,
  new Map([...runs].map(([runtime, run]) => [runtime, run instanceof Error ? { tests: [] } : run])),
)
const tallies = [
  ...[...runs].map(([runtime, run]) => tallyRuntime(runtime, run, exitCodeOf(runtime))),
  ...CHECKS.map((check) => tallyCheck(check, checks)),
  tallyGaps(gapsOf(matrix)),
]
const total = sum(tallies)
// For `.ci/run`: pnpm adds a line of its own where a script fails.
mkdirSync(results, { recursive: true })
writeFileSync(join(results, 'sum'), `${sumLine(total)}\n`)
console.log(report(tallies, matrix))
if (total.failed > 0) process.exitCode = 1
