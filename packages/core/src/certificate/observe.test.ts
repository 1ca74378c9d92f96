import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../instant.ts'
import type { ListedCertificate } from '../provider/certificates.ts'
import { sampleBundle, sampleCertificate, sampleListed } from '../testing/sample-certificate.ts'
import { ACTOR, NOW } from '../testing/sample-number.ts'
import { isSameEntry, observeCertificate, vanish } from './observe.ts'
import type { CertificateState, PublicBundle } from './state.ts'

const by = { actor: ACTOR, now: NOW }
const known = sampleCertificate({ upstreamId: '1', status: 'installed', observedAt: NOW - DAY })

/** What becomes of a certificate that is listed so, and what is told. */
function seen(
  state: CertificateState,
  listed: Partial<ListedCertificate>,
  bundle: PublicBundle | null = null,
) {
  const { next, events } = observeCertificate(state, { listed: sampleListed(listed), bundle }, by)
  if (next === null) throw new Error('It is gone')
  return { next, types: events.map(({ type }) => type) }
}

describe('observeCertificate()', () => {
  test('discovers one that was never seen, whatever it has come to', () => {
    for (const status of ['pending', 'installed', 'failed'] as const) {
      const { next, types } = seen(sampleCertificate(), { status, issuedTo: 'a.example.com' })
      expect(types).toEqual(['certificate.discovered'])
      expect(next).toMatchObject({ status, upstreamId: '1', issuedTo: 'a.example.com' })
    }
  })

  test('tells nothing of one that is as it was', () => {
    const { next, types } = seen(known, {})
    expect(types).toEqual([])
    expect(next).toMatchObject({ observedAt: NOW, updatedAt: known.updatedAt })
  })

  test.each([
    ['pending', 'installed', 'certificate.installed'],
    ['pending', 'failed', 'certificate.failed'],
    ['installed', 'failed', 'certificate.failed'],
    ['failed', 'installed', 'certificate.installed'],
    ['failed', 'failed', undefined],
    ['installed', 'pending', undefined],
    ['active', 'installed', undefined],
  ] as const)('tells of one that was %s and is %s: %s', (before, status, type) => {
    expect(seen({ ...known, status: before }, { status }).types[0]).toBe(type)
  })

  test('leaves one in use that is renewed', () => {
    const renewing = seen({ ...known, status: 'active' }, { status: 'pending' }).next
    expect(renewing.status).toBe('active')
    expect(seen(renewing, { status: 'installed' }).next.status).toBe('active')
    expect(seen(renewing, { status: 'failed' }).next.status).toBe('failed')
  })

  test('tells of another certificate in its place, by its PEM or by its end', () => {
    const state = { ...known, bundle: sampleBundle('a'), toldEnd: NOW + 90 * DAY }
    expect(seen(state, {}, sampleBundle('b')).types).toEqual(['certificate.changed'])
    expect(seen(state, {}, sampleBundle('a')).types).toEqual([])
    const renewed = seen(state, { notAfter: NOW + 180 * DAY })
    expect(renewed.types).toEqual(['certificate.changed'])
    expect(renewed.next).toMatchObject({ bundle: null, notAfter: NOW + 180 * DAY })
  })

  // Upstreams write an end in a time zone that they do not name.
  test('tells nothing of an end that is hours away from what it was', () => {
    const state = { ...known, toldEnd: NOW + 90 * DAY }
    expect(seen(state, { notAfter: NOW + 90 * DAY + 14 * HOUR }).types).toEqual([])
  })

  // The upstream tells the end of the first certificate; ours is that of the one of its chain that ends first.
  test('tells nothing of a chain that ends before its first certificate', () => {
    const bundle = sampleBundle('a', NOW + 30 * DAY)
    const first = seen({ ...known, bundle, notAfter: NOW + 30 * DAY }, { notAfter: NOW + 90 * DAY })
    expect(first.types).toEqual([])
    expect(first.next).toMatchObject({ bundle, notAfter: NOW + 30 * DAY })
    expect(seen(first.next, { notAfter: NOW + 90 * DAY }).types).toEqual([])
  })

  test('forgets a problem that is no more, and keeps one that is not told again', () => {
    const failed = { ...known, status: 'failed', problem: 'DNS' } as const
    expect(seen(failed, { status: 'failed' }).next.problem).toBe('DNS')
    expect(seen(failed, { status: 'installed' }).next.problem).toBeNull()
  })
})

describe('isSameEntry()', () => {
  test.each([
    ['1', 'a.pem', true],
    ['1', null, true],
    ['1', 'b.pem', false],
    ['2', 'a.pem', false],
  ])('of id %s and name %s is %s', (upstreamId, name, same) => {
    expect(isSameEntry(known, sampleListed({ upstreamId, name }))).toBe(same)
  })
})

test('vanish() tells when it was last seen', () => {
  expect(vanish(known, by)).toMatchObject({
    next: null,
    events: [
      {
        type: 'certificate.vanished',
        data: { upstreamId: '1', lastSeenAt: new Date(NOW - DAY).toISOString() },
      },
    ],
  })
})
