import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { continuesChain, eventIdOf, hashEvent } from './event-hash.ts'

const first = {
  type: 'key.published',
  at: Date.UTC(2026, 9, 20, 8),
  actor: { kind: 'token', id: 'tok_1' },
  data: { generation: 1, fingerprint: 'sha256:ab' },
  subject: 'num_1',
  sequence: 1,
  previousHash: null,
} as const
const hash = hashEvent(first)
const stored = { ...first, hash, id: eventIdOf(hash) }
const head = { subject: 'num_1', sequence: 1, hash }

test('hashEvent() is SHA-256 over the canonical text that its documentation states', () => {
  const text =
    '{"actor":{"id":"tok_1","kind":"token"},"at":"2026-10-20T08:00:00.000Z",' +
    '"data":{"fingerprint":"sha256:ab","generation":1},"previousHash":null,"sequence":1,' +
    '"subject":"num_1","type":"key.published"}'
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'))
})

test('eventIdOf() is the first half of the hash', () => {
  expect(stored.id).toBe(`evt_${hash.slice(0, 32)}`)
})

test('continuesChain() accepts the first event of a subject and the next', () => {
  const second = { ...first, sequence: 2, previousHash: hash }
  const secondHash = hashEvent(second)
  expect(continuesChain(null, stored)).toBe(true)
  expect(continuesChain(head, { ...second, hash: secondHash, id: eventIdOf(secondHash) })).toBe(
    true,
  )
})

test.each([
  ['data', { data: { generation: 2, fingerprint: 'sha256:ab' } }],
  ['time', { at: first.at + 1 }],
  ['actor', { actor: { kind: 'token', id: 'tok_2' } as const }],
  ['type', { type: 'key.rotated' }],
  ['sequence', { sequence: 2 }],
  ['subject', { subject: 'num_2' }],
  ['id', { id: 'evt_0' }],
])('continuesChain() rejects an event whose %s was changed', (_, change) => {
  expect(continuesChain(null, { ...stored, ...change })).toBe(false)
})

test('continuesChain() rejects an event of another chain, and one that leaves a gap', () => {
  expect(continuesChain(head, stored)).toBe(false)
  const later = { ...first, sequence: 3, previousHash: hash }
  const laterHash = hashEvent(later)
  expect(continuesChain(head, { ...later, hash: laterHash, id: eventIdOf(laterHash) })).toBe(false)
})
