import { describe, expect, test } from 'vitest'
import type { ListedCertificate } from '../provider/certificates.ts'
import { begun, sampleCertificate, sampleListed } from '../testing/sample-certificate.ts'
import type { Marked } from './state.ts'
import { recognise } from './work.ts'

const DOMAIN = 'a.example.com'

/** The id of the one that is recognised as the upload of `a.pem`. */
function uploaded(listed: readonly ListedCertificate[], before: readonly Marked[] = []) {
  const { state, work } = begun(sampleCertificate(), { before })
  return recognise(work, state, listed)?.upstreamId
}

function applied(listed: readonly ListedCertificate[], before: readonly Marked[] = []) {
  const asked = { kind: 'apply', names: [], before } as const
  const { state, work } = begun(sampleCertificate({ name: null, issuedTo: DOMAIN }), asked)
  return recognise(work, state, listed)?.upstreamId
}

describe('recognise()', () => {
  test('takes an upload by its name alone', () => {
    expect(uploaded([sampleListed({ name: 'b.pem' }), sampleListed({ upstreamId: '2' })])).toBe('2')
    expect(
      uploaded([sampleListed({ name: 'b.pem' }), sampleListed({ name: null })]),
    ).toBeUndefined()
  })

  test('takes none of another purpose', () => {
    expect(uploaded([sampleListed({ purpose: 'trusted-ca' })])).toBeUndefined()
  })

  test('takes none that was there before', () => {
    expect(uploaded([sampleListed()], [{ upstreamId: '1', name: 'a.pem' }])).toBeUndefined()
  })

  // The PBX gives the id of a deleted certificate to the next one.
  test('takes one that got the id of another that was there before', () => {
    expect(uploaded([sampleListed()], [{ upstreamId: '1', name: 'old.pem' }])).toBe('1')
  })

  test('takes an application by its domain', () => {
    const ours = sampleListed({ name: 'x', origin: 'apply', issuedTo: DOMAIN })
    expect(applied([sampleListed({ issuedTo: DOMAIN }), { ...ours, upstreamId: '2' }])).toBe('2')
    expect(applied([{ ...ours, issuedTo: 'b.example.com' }])).toBeUndefined()
    expect(applied([ours], [{ upstreamId: '1', name: 'x' }])).toBeUndefined()
  })
})
