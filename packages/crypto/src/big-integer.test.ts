import { expect, test } from 'vitest'
import { bitLength, toBigInt, toOctets } from './big-integer.ts'

test.each([
  [0n, '', 0],
  [1n, '1', 1],
  [255n, '255', 8],
  [256n, '1,0', 9],
  [0x80_00_01n, '128,0,1', 24],
])('%s is in octets "%s"', (number, octets, bits) => {
  expect(toOctets(number).join()).toBe(octets)
  expect(toBigInt(toOctets(number))).toBe(number)
  expect(bitLength(number)).toBe(bits)
})

test('toOctets() fills up to the length that it is told', () => {
  expect(toOctets(258n, 4).join()).toBe('0,0,1,2')
  expect(toBigInt(Uint8Array.of(0, 0, 1, 2))).toBe(258n)
})
