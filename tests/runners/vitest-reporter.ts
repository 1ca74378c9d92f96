import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'
import { type Runtime, type TestResult, writeResults } from './results.ts'

interface Failure {
  readonly message?: string | undefined
  readonly stack?: string | undefined
}

const told = (failures: readonly Failure[]): string =>
  failures.map((failure) => failure.stack ?? failure.message ?? 'an error without words').join('\n')

/** A hook that fails takes its suite's tests with it: vitest calls them skipped, we do not. */
function hasBrokenSuite(test: TestCase): boolean {
  let parent: TestSuite | TestModule = test.parent
  while (parent.type === 'suite') {
    if (parent.errors().length > 0) return true
    parent = parent.parent
  }
  return parent.errors().length > 0
}

function resultOf(test: TestCase, file: string): TestResult {
  const result = test.result()
  const named = { file, name: test.fullName }
  switch (result.state) {
    case 'passed':
      return { ...named, status: 'passed' }
    case 'failed':
      return { ...named, status: 'failed', note: told(result.errors) }
    case 'skipped':
      if (hasBrokenSuite(test))
        return { ...named, status: 'failed', note: 'a hook around it failed' }
      return {
        ...named,
        status: 'skipped',
        ...(result.note === undefined ? {} : { note: result.note }),
      }
    case 'pending':
      return { ...named, status: 'failed', note: 'did not finish' }
  }
}

/** Writes what vitest saw in the form that the gate reads. */
export function resultsReporter(root: string, runtime: Runtime): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const tests: TestResult[] = []
      const errors = unhandled.map((error) => told([error]))
      for (const module of modules) {
        const file = relative(root, module.moduleId)
        for (const test of module.children.allTests()) tests.push(resultOf(test, file))
        for (const broken of [module, ...module.children.allSuites()]) {
          if (broken.errors().length > 0) errors.push(`${file}: ${told(broken.errors())}`)
        }
      }
      writeResults(root, { runtime, tests, errors })
    },
  }
}
