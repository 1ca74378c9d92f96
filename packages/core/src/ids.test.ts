import { expect, test } from 'vitest'
import { certificateIdOf, mintId, mintIdWithin } from './ids.ts'
import { kindOf, partitionOf } from './ledger/keys.ts'

/** As the digest of an Idempotency-Key begins. */
const digest = (first: string) => first.padEnd(64, '0')
const random = {
  bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => 0.5,
}

test('mintId() gives a prefixed id of its kind', () => {
  const id = mintId('connection', random)
  expect(id).toMatch(/^con_[0-9a-hjkmnp-tv-z]{16}$/)
  expect(kindOf(id)).toBe('connection')
})

test('partitionOf() reads a connection off the id of its number', () => {
  const connection = mintId('connection', random)
  const number = mintIdWithin(connection, 'number', random)
  expect(partitionOf({ kind: 'number', id: number })).toBe(connection)
  expect(partitionOf({ kind: 'connection', id: connection })).toBe('registry')
})

test('kindOf() knows no foreign prefix', () => {
  expect(kindOf('cus_123')).toBeNull()
})

test('certificateIdOf() gives one id for each receipt, in the partition of its connection', () => {
  const connection = mintId('connection', random)
  const id = certificateIdOf(connection, digest('a1b2c3'))
  expect(id).toMatch(/^crt_[0-9a-hjkmnp-tv-z]{28}$/)
  expect(certificateIdOf(connection, digest('a1b2c3'))).toBe(id)
  expect(certificateIdOf(connection, digest('a1b2c4'))).not.toBe(id)
  expect(certificateIdOf(mintId('connection', random), digest('a1b2c3'))).not.toBe(id)
  expect(partitionOf({ kind: 'certificate', id })).toBe(connection)
})
