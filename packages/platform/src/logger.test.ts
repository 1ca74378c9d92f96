import { expect, test } from 'vitest'
import { jsonLogger, textLogger } from './logger.ts'

const clock = { now: () => 0, sleep: () => Promise.resolve() }

// A subject of somebody else's token issuer ends a line and begins another, or clears the screen.
const FORGED = 'me\n✗ Somebody broke in\u001b[2J\u009b1m\u2028'

test('textLogger() keeps a line a line, whatever is in its fields', () => {
  const lines: string[] = []
  textLogger((line) => void lines.push(line), { verbose: true }).log('warn', 'request', {
    actor: FORGED,
    status: 500,
  })
  expect(lines).toEqual([
    '! request  actor=me\\u{a}✗ Somebody broke in\\u{1b}[2J\\u{9b}1m\\u{2028} status=500',
  ])
})

test('jsonLogger() writes one line that reads back as it was', () => {
  const lines: string[] = []
  jsonLogger(clock, (line) => void lines.push(line())).log('info', 'request', { actor: FORGED })
  const [line = ''] = lines
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    level: 'info',
    message: 'request',
    actor: FORGED,
  })
})
