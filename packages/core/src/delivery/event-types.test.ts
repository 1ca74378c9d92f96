import { describe, expect, test } from 'vitest'
import { EVENT_TYPES, isSubscribed, SUBSCRIPTIONS } from './event-types.ts'

describe('isSubscribed()', () => {
  test.each([
    [['key.published'], 'key.published', true],
    [['key.published'], 'key.publish_failed', false],
    [['key.*'], 'key.publish_failed', true],
    [['key.*'], 'keyring.made', false],
    [['*'], 'anything.at_all', true],
    [['number.created', 'key.*'], 'key.mismatch', true],
  ])('%j for %s: %s', (subscriptions, type, expected) => {
    expect(isSubscribed(subscriptions, type)).toBe(expected)
  })
})

describe('SUBSCRIPTIONS', () => {
  test('are the types, each family, and everything', () => {
    expect(new Set(SUBSCRIPTIONS).size).toBe(SUBSCRIPTIONS.length)
    for (const type of EVENT_TYPES) {
      expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/)
      expect(SUBSCRIPTIONS).toContain(`${type.split('.')[0]}.*`)
    }
    expect(SUBSCRIPTIONS).toContain('*')
  })
})
