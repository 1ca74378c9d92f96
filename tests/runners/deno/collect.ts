import type { RunResults, TestResult } from '../results.ts'

/** What `record.ts` left of one test file. */
interface Trail {
  readonly tests: Map<number, { readonly name: string; readonly skipped: boolean }>
  readonly ends: Map<number, string | undefined>
}

interface TrailFields {
  readonly module?: unknown
  readonly declared?: unknown
  readonly name?: unknown
  readonly skipped?: unknown
  readonly ended?: unknown
  readonly error?: unknown
}

function parseLine(line: string): TrailFields {
  const value: unknown = JSON.parse(line)
  return typeof value === 'object' && value !== null ? value : {}
}

function parseTrail(text: string): { module: string; trail: Trail } {
  const trail: Trail = { tests: new Map(), ends: new Map() }
  let module = ''
  // A crash can cut the last line short.
  for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
    const fields = parseLine(line)
    if (typeof fields.module === 'string') module = fields.module
    if (typeof fields.declared === 'number') {
      const { name, skipped } = fields
      trail.tests.set(fields.declared, { name: String(name), skipped: skipped === true })
    }
    if (typeof fields.ended === 'number') {
      trail.ends.set(fields.ended, typeof fields.error === 'string' ? fields.error : undefined)
    }
  }
  return { module, trail }
}

function* resultsOf(file: string, trail: Trail): Iterable<TestResult> {
  for (const [id, { name, skipped }] of trail.tests) {
    const error = trail.ends.get(id)
    if (skipped) yield { file, name, status: 'skipped' }
    else if (!trail.ends.has(id)) yield { file, name, status: 'failed', note: 'did not finish' }
    else if (error !== undefined) yield { file, name, status: 'failed', note: error }
    else yield { file, name, status: 'passed' }
  }
}

/**
 * Turns the trails of a run into its results. `files` maps the module URL of each test file that was to run to its
 * path: one of which no test is known has failed to load, or tests nothing; both are errors.
 */
export function collect(
  files: ReadonlyMap<string, string>,
  trails: readonly string[],
  exitCode: number | null,
): RunResults {
  const byModule = new Map(trails.map(parseTrail).map(({ module, trail }) => [module, trail]))
  const tests: TestResult[] = []
  const errors: string[] = []
  for (const [module, file] of files) {
    const trail = byModule.get(module)
    if (trail === undefined || trail.tests.size === 0) errors.push(`${file}: declares no test`)
    else tests.push(...resultsOf(file, trail))
  }
  const told = errors.length > 0 || tests.some((test) => test.status === 'failed')
  if (exitCode !== 0 && !told) errors.push(`deno test ended with ${exitCode ?? 'a signal'}`)
  return { runtime: 'deno', tests, errors }
}
