import { RUNTIMES, type Runtime } from '../../tests/runners/results.ts'

/** What runs on no runtime of ours; each counts as one, in the packages together. */
export const CHECKS = [
  'check:format',
  'check:lint',
  'types',
  'check:boundaries',
  'check:bundle',
] as const

export const testTask = (runtime: Runtime) => `test:${runtime}` as const
export const TESTS = RUNTIMES.map(testTask)
