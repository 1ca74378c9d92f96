import { describe, expect, test } from 'vitest'
import { keyIdOf } from '../ids.ts'
import { NOW, sampleKey } from '../testing/sample-number.ts'
import { newRingKey, ringKeyLabels, seesKey } from './state.ts'

const made = { id: 'key_1', label: null, publicKey: sampleKey('a'), at: NOW }

describe('newRingKey()', () => {
  test('is held where its private half is, and used by nobody', () => {
    const key = newRingKey({ ...made, origin: 'imported', privateKey: 'sealed' })
    expect(key).toMatchObject({
      custody: 'held',
      connections: [],
      closing: null,
      letGoAt: null,
      retiredAt: null,
      destroyedAt: null,
    })
    expect(newRingKey({ ...made, origin: 'generated', privateKey: 'sealed' }).custody).toBe('held')
    expect(newRingKey({ ...made, origin: 'external', privateKey: null }).custody).toBe('external')
  })

  test('tells nothing of its private half to lists', () => {
    const key = newRingKey({ ...made, origin: 'imported', privateKey: 'sealed' })
    const { fingerprint } = sampleKey('a')
    expect(ringKeyLabels(key)).toEqual({ custody: 'held', fingerprint })
  })
})

describe('seesKey()', () => {
  const key = { connections: ['con_used'], sharedWith: ['con_made'] }

  test.each([
    [null, true],
    [['con_used'], true],
    [['con_made', 'con_other'], true],
    [['con_other'], false],
    [[], false],
  ])('of a token limited to %j is %s', (connections, sees) => {
    expect(seesKey({ connections }, key)).toBe(sees)
  })
})

describe('keyIdOf()', () => {
  test('is the same for a key, and another for another', () => {
    const [one, other] = [`sha256:${'0a'.repeat(32)}`, `sha256:${'0b'.repeat(32)}`] as const
    expect(keyIdOf(one)).toBe('key_aaaaaaaaaaaaaaaa')
    expect(keyIdOf(other)).toBe('key_bbbbbbbbbbbbbbbb')
    expect(keyIdOf(`sha256:${'ff'.repeat(32)}`)).toMatch(/^key_[0-9a-z]{16}$/)
  })
})
