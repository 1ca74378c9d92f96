import { seededRandom } from '@latchkey/core/testing'
import { describe, expect, test } from 'vitest'
import { mintCrl } from '../testing/crl.ts'
import { mintAuthority, mintLeaf, mintRoot, NOW } from '../testing/mint.ts'
import { describeCertificate } from '../describe/describe.ts'
import { validatePath } from './validate.ts'

const ROUNDS = 300

type Bytes = Uint8Array<ArrayBuffer>

/** The bytes with one to three of them changed, left out or put in twice. */
function mangled(bytes: Bytes, random: ReturnType<typeof seededRandom>): Bytes {
  const octets = [...bytes]
  const times = 1 + Math.floor(random.fraction() * 3)
  for (let time = 0; time < times; time += 1) {
    const at = Math.floor(random.fraction() * octets.length)
    const kind = random.fraction()
    if (kind < 0.7) octets[at] = Math.floor(random.fraction() * 256)
    else if (kind < 0.85) octets.splice(at, 1)
    else octets.splice(at, 0, octets[at] ?? 0)
  }
  return Uint8Array.from(octets)
}

const isSame = (a: Bytes, b: Bytes) =>
  a.length === b.length && a.every((octet, at) => octet === b[at])

describe('validatePath() on bytes that somebody mangled', () => {
  // Anything may be uploaded: no byte of it may raise an error of ours, or be taken for what was signed.
  test.each([11, 12, 13])('accepts none of them and never throws (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const leaf = await mintLeaf(authority)
    const crl = await mintCrl(authority)
    const sound = [leaf.der, authority.der, crl] as const
    for (let round = 0; round < ROUNDS; round += 1) {
      const victim = round % sound.length
      const [leafDer, authorityDer, crlDer] = sound.map((bytes, index) =>
        index === victim ? mangled(bytes, random) : bytes,
      )
      const given = [leafDer ?? leaf.der, authorityDer ?? authority.der, crlDer ?? crl] as const
      const result = await validatePath({
        profile: 'webpki',
        purpose: 'serverAuth',
        at: NOW,
        leaf: given[0],
        intermediates: [given[1]],
        crls: [given[2]],
        anchors: [root.der],
      })
      const isUnchanged = given.every((bytes, index) => isSame(bytes, sound[index] ?? bytes))
      expect(result.ok).toBe(isUnchanged)
    }
  })

  test('describeCertificate() knows one way to fail', async () => {
    const random = seededRandom(14)
    const { der } = await mintRoot()
    for (let round = 0; round < ROUNDS; round += 1) {
      const code = await describeCertificate(mangled(der, random)).then(
        () => 'described',
        (error: unknown) =>
          typeof error === 'object' && error !== null && 'code' in error ? error.code : error,
      )
      expect(code).toBeOneOf(['described', 'certificate_invalid'])
    }
  })
})
