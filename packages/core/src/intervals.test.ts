import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from './instant.ts'
import { intervalsOf } from './intervals.ts'

describe('intervalsOf()', () => {
  test('reads every six hours and keeps a retired key for 30 days, if nothing else is set', () => {
    const preset = { sweepMs: 6 * HOUR, destroyAfterMs: 30 * DAY }
    expect(intervalsOf({})).toEqual(preset)
    expect(intervalsOf({ LATCHKEY_SWEEP_SECONDS: '' })).toEqual(preset)
  })

  test('takes seconds', () => {
    const env = { LATCHKEY_SWEEP_SECONDS: '60', LATCHKEY_DESTROY_AFTER_SECONDS: '300' }
    expect(intervalsOf(env)).toEqual({ sweepMs: MINUTE, destroyAfterMs: 5 * MINUTE })
  })

  test.each(['59', '-1', '1.5', 'daily', 'NaN', 'Infinity', '1e99'])('refuses %s', (text) => {
    expect(() => intervalsOf({ LATCHKEY_SWEEP_SECONDS: text })).toThrow(
      'LATCHKEY_SWEEP_SECONDS must be a whole number of seconds, at least 60',
    )
  })
})
