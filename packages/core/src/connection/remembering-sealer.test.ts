import { describe, expect, test } from 'vitest'
import { MINUTE } from '../instant.ts'
import type { Sealer } from '../ports.ts'
import { NOW } from '../testing/sample-number.ts'
import { SimClock } from '../testing/sim-clock.ts'
import { rememberingSealer } from './remembering-sealer.ts'

const PLACE = 'connection/con_0123456789abcdef/credentials'

function world() {
  const asked: string[] = []
  const sealer: Sealer = {
    seal: async (plaintext) => `sealed ${plaintext}`,
    async open(sealed, place) {
      asked.push(place)
      if (!sealed.startsWith('sealed ')) throw new Error('Cannot open')
      return sealed.slice('sealed '.length)
    },
  }
  const clock = new SimClock(NOW)
  return { asked, clock, remembering: rememberingSealer(sealer, clock) }
}

describe('rememberingSealer()', () => {
  test('opens what a connection calls with once a minute', async () => {
    const { asked, clock, remembering } = world()
    expect(await remembering.open('sealed a', PLACE)).toBe('a')
    clock.jump(MINUTE - 1)
    expect(await remembering.open('sealed a', PLACE)).toBe('a')
    expect(asked).toHaveLength(1)
    clock.jump(1)
    expect(await remembering.open('sealed a', PLACE)).toBe('a')
    expect(asked).toHaveLength(2)
  })

  test('opens anew what was changed, what belongs elsewhere, and what a clock that went back knows', async () => {
    const { asked, clock, remembering } = world()
    await remembering.open('sealed a', PLACE)
    expect(await remembering.open('sealed b', PLACE)).toBe('b')
    await remembering.open('sealed a', PLACE.replace('0', '1'))
    clock.jump(-MINUTE)
    await remembering.open('sealed a', PLACE)
    expect(asked).toHaveLength(4)
  })

  // A private key that is on its way has no business in memory once it was sent.
  test('remembers no other secret, and no failure', async () => {
    const { asked, remembering } = world()
    const material = 'connection/con_0123456789abcdef/certificate/crt_1/material'
    for (let count = 0; count < 2; count += 1) await remembering.open('sealed key', material)
    for (let count = 0; count < 2; count += 1) {
      await expect(remembering.open('damaged', PLACE)).rejects.toThrow('Cannot open')
    }
    expect(asked).toHaveLength(4)
  })
})
