import { SECOND } from '@latchkey/core'
import { SimClock } from '@latchkey/core/testing'
import { describe, expect, test } from 'vitest'
import type { KnownToken } from './latchkey-token.ts'
import { TokenCache } from './token-cache.ts'

const START = Date.UTC(2030, 0, 1)
const known: KnownToken = {
  principal: {
    actor: { kind: 'token', id: 'tok_1' },
    scopes: ['admin'],
    connections: null,
    expiresAt: null,
  },
  expiresAt: null,
}
const short: KnownToken = { ...known, expiresAt: START + 10 * SECOND }

describe('TokenCache', () => {
  test('remembers for 30 seconds, and no longer than the token holds', () => {
    const clock = new SimClock(START)
    const cache = new TokenCache(clock)
    cache.set('long', known)
    cache.set('short', short)
    clock.jump(9 * SECOND)
    expect([cache.get('long'), cache.get('short')]).toEqual([known, short])
    clock.jump(SECOND)
    expect([cache.get('long'), cache.get('short')]).toEqual([known, null])
    clock.jump(20 * SECOND)
    expect(cache.get('long')).toBeNull()
  })

  test('remembers nothing longer because the clock went back', () => {
    const clock = new SimClock(START)
    const cache = new TokenCache(clock)
    cache.set('digest', known)
    clock.jump(-60 * SECOND)
    expect(cache.get('digest')).toBeNull()
  })

  // A request looks the token up, then another revokes it, then the first remembers what it found.
  test('does not remember what was looked up before the revocation', () => {
    const cache = new TokenCache(new SimClock(START))
    cache.revoke('digest')
    cache.set('digest', known)
    expect(cache.get('digest')).toBeNull()
  })

  test('remembers for 5 seconds that a token is nobody’s', () => {
    const clock = new SimClock(START)
    const cache = new TokenCache(clock)
    cache.setUnknown('digest')
    clock.jump(5 * SECOND - 1)
    expect([cache.isUnknown('digest'), cache.isUnknown('other')]).toEqual([true, false])
    clock.jump(1)
    expect(cache.isUnknown('digest')).toBe(false)
    cache.setUnknown('digest')
    clock.jump(-60 * SECOND)
    expect(cache.isUnknown('digest')).toBe(false)
  })

  test('forgets no token for those that are nobody’s, of which it keeps 10 000', () => {
    const cache = new TokenCache(new SimClock(START))
    cache.set('digest', known)
    for (let n = 0; n <= 10_000; n += 1) cache.setUnknown(String(n))
    expect([cache.get('digest'), cache.isUnknown('0'), cache.isUnknown('1')]).toEqual([
      known,
      false,
      true,
    ])
  })

  test('keeps at most 10 000, the newest', () => {
    const cache = new TokenCache(new SimClock(START))
    for (let n = 0; n <= 10_000; n += 1) cache.set(String(n), known)
    expect([cache.get('0'), cache.get('1'), cache.get('10000')]).toEqual([null, known, known])
  })
})
