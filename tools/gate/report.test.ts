import { expect, test } from 'vitest'
import { report } from './report.ts'
import type { Tally } from './tally.ts'

const GREEN: Tally = { name: 'node', passed: 3, failed: 0, skipped: 0, failures: [], skips: [] }

test('report() ends with the sum, alone on its line', () => {
  const lines = report([GREEN, { ...GREEN, name: 'types', passed: 1 }]).split('\n')
  expect(lines.at(-1)).toBe('4 passed, 0 failed, 0 skipped')
  expect(lines.at(-2)).toBe('')
  expect(lines).toContain('node                     3       0       0')
})

test('report() names each failure in one line without colour', () => {
  const failures = ['a.test.ts > one', '\u001B[31mCannot load\u001B[39m\n    at a.test.ts:1']
  const text = report([{ ...GREEN, failed: 2, failures }])
  expect(text).toContain('Failed:\n  [node] a.test.ts > one\n  [node] Cannot load\n')
})

test('report() tells a skip once for all runtimes that share its reason', () => {
  const skips = [{ test: 'a.test.ts > one', reason: 'needs DATABASE_URL' }]
  const text = report([
    { ...GREEN, skipped: 1, skips },
    { ...GREEN, name: 'deno', skipped: 1, skips },
  ])
  expect(text).toContain('  a.test.ts > one [node, deno]: needs DATABASE_URL\n')
  expect(text.endsWith('6 passed, 0 failed, 2 skipped')).toBe(true)
})
