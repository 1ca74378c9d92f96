import { expect, test } from 'vitest'
import { mintId, mintIdWithin } from './ids.ts'
import { kindOf, partitionOf } from './ledger/keys.ts'

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
