import { SECOND } from '@latchkey/core'
import { expect, test } from 'vitest'
import { pauseAfter } from './poller.ts'

test('pauseAfter() grows with each failure in a row, to 30 s', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 5_000].map((failures) => pauseAfter(failures))
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * SECOND))
})
