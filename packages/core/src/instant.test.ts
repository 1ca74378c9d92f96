import { expect, test } from 'vitest'
import { isAhead } from './instant.ts'

const NOW = 1_800_000_000_000

test.each([
  ['that was just set', 100, true],
  ['that has come', 0, false],
  // Of two machines none has the right time, and each must believe the lease of the other.
  ['that was set by a clock ahead of ours', 150, true],
  ['that was set before the clock went back', 201, false],
])('isAhead() of a time %s', (_what, ahead, expected) => {
  expect(isAhead(NOW + ahead, NOW, 100)).toBe(expected)
})
