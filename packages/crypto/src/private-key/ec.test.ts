import { describe, expect, test } from 'vitest'
import { toOctets } from '../big-integer.ts'
import { type Bytes, concat } from '../bytes.ts'
import { TAG } from '../der/element.ts'
import { bitString, element } from '../der/write.ts'
import { encodePem } from '../pem/write.ts'
import { derOf, flipped, replaced } from '../testing/damage.ts'
import { failureOf } from '../testing/faults.ts'
import { signs } from '../testing/signs.ts'
import * as keys from '../testing/throw-away-keys.ts'
import { CURVES } from './curves.ts'
import { importPrivateKey } from './import.ts'
import { versionOf } from './pkcs8.ts'

const { ED25519, P256_PKCS8, P256_SEC1 } = keys
const SEC1 = derOf(P256_SEC1['ecparam -genkey -noout'] ?? '')
const PKCS8 = derOf(P256_PKCS8)
const OID = { p256: '2a8648ce3d030107', p384: '2b81040022' }
const REFUSED = 'key_invalid: Cannot import private key: '

const bytes = (hex: string) => toOctets(BigInt(`0x${hex}`), hex.length / 2)
const named = (hex: string) => element(0xa0, element(TAG.objectIdentifier, bytes(hex)))
const sec1 = (...members: readonly Bytes[]) =>
  encodePem('EC PRIVATE KEY', element(TAG.sequence, versionOf(1), ...members))
const scalar = (value: bigint, length?: number) => element(TAG.octetString, toOctets(value, length))

describe('importPrivateKey() of an elliptic curve', () => {
  // RFC 5915 wants all octets, but some writers drop leading zeros: one key in 256 is shorter then.
  test('gives a short private key its leading zeros', async () => {
    const [full, short] = [sec1(scalar(5n, 32), named(OID.p256)), sec1(scalar(5n), named(OID.p256))]
    const key = await importPrivateKey(short)
    expect(key.pkcs8).toEqual((await importPrivateKey(full)).pkcs8)
    expect(await signs(key)).toBe(true)
  })

  test.each([...CURVES.values()])(
    'takes $curve up to its order',
    async ({ oid, order, octets }) => {
      const name = element(0xa0, element(TAG.objectIdentifier, oid))
      expect(await signs(await importPrivateKey(sec1(scalar(order - 1n, octets), name)))).toBe(true)
      for (const beyond of [0n, order, order + 1n]) {
        expect(await failureOf(importPrivateKey(sec1(scalar(beyond, octets), name)))).toBe(
          `${REFUSED}private key is out of range`,
        )
      }
    },
  )

  test('computes the public half where there is none', async () => {
    const without = replaced(PKCS8, [2], (old) => {
      const key = replaced(old.content, [], ({ tag, content }) =>
        element(tag, content.subarray(0, 3 + 34)),
      )
      return element(old.tag, key)
    })
    expect(without.length).toBeLessThan(PKCS8.length)
    expect((await importPrivateKey(encodePem('PRIVATE KEY', without))).pkcs8).toEqual(PKCS8)
  })

  test('knows a public half in its hybrid form', async () => {
    const hybrid = replaced(SEC1, [3, 0], ({ content }) =>
      bitString(concat(Uint8Array.of(6 + ((content.at(-1) ?? 0) % 2)), content.subarray(2))),
    )
    expect((await importPrivateKey(encodePem('EC PRIVATE KEY', hybrid))).pkcs8).toEqual(PKCS8)
  })

  // A key whose halves do not belong together would be published, and nothing sent to it could be read.
  test('refuses the public half of another key, whichever bit is wrong', async () => {
    const at = SEC1.length - 65
    for (let octet = at; octet < SEC1.length; octet += 8) {
      const pem = encodePem('EC PRIVATE KEY', flipped(SEC1, octet, 3))
      expect(await failureOf(importPrivateKey(pem))).toBe(
        `${REFUSED}its public key is not that of its private key`,
      )
    }
  })

  test('takes a public half outside of it that is its own, and no other', async () => {
    const withPublicKey = (publicKey: Bytes) =>
      replaced(
        replaced(PKCS8, [0], () => versionOf(1)),
        [],
        (old) => element(old.tag, old.content, element(0x81, Uint8Array.of(0), publicKey)),
      )
    const point = PKCS8.subarray(-65)
    const key = await importPrivateKey(encodePem('PRIVATE KEY', withPublicKey(point)))
    expect(key.pkcs8).toEqual(PKCS8)
    const other = encodePem('PRIVATE KEY', withPublicKey(flipped(point, 64, 0)))
    expect(await failureOf(importPrivateKey(other))).toBe(
      `${REFUSED}its public key is not that of its private key`,
    )
  })

  test.each([
    ['without its curve', sec1(scalar(5n, 32)), 'its curve is not told'],
    ['too long', sec1(scalar(5n, 33), named(OID.p256)), 'private key is too long for its curve'],
    [
      'in another order',
      sec1(scalar(5n, 32), element(0xa1), named(OID.p256)),
      'ECPrivateKey has unknown members',
    ],
    [
      'with more after it',
      sec1(scalar(5n, 32), named(OID.p256), element(0xa2)),
      'ECPrivateKey has unknown members',
    ],
    [
      'of another version',
      encodePem(
        'EC PRIVATE KEY',
        replaced(SEC1, [0], () => versionOf(2)),
      ),
      'its version of ECPrivateKey is unknown',
    ],
    [
      'of an unknown curve',
      sec1(scalar(5n, 32), named('2b810401')),
      'its curve is unknown, expected P-256, P-384 or P-521',
    ],
    [
      'of two curves',
      encodePem(
        'PRIVATE KEY',
        replaced(PKCS8, [2], () =>
          element(
            TAG.octetString,
            element(TAG.sequence, versionOf(1), scalar(5n, 32), named(OID.p384)),
          ),
        ),
      ),
      'it tells of two curves',
    ],
  ])('refuses one %s', async (_, pem, reason) => {
    expect(await failureOf(importPrivateKey(pem))).toBe(REFUSED + reason)
  })
})

describe('importPrivateKey() of Ed25519', () => {
  const DER = derOf(ED25519)
  const withPublicKey = (publicKey: Bytes) =>
    encodePem(
      'PRIVATE KEY',
      replaced(
        replaced(DER, [0], () => versionOf(1)),
        [],
        (old) => element(old.tag, old.content, element(0x81, Uint8Array.of(0), publicKey)),
      ),
    )

  // Rust's ring and others write version 1 with the public half (RFC 8410 §10.3).
  test('takes a public half that is its own, and no other', async () => {
    const { spki } = await importPrivateKey(ED25519)
    const key = await importPrivateKey(withPublicKey(spki.subarray(-32)))
    expect(key.pkcs8).toEqual(DER)
    expect(await failureOf(importPrivateKey(withPublicKey(spki.subarray(-31))))).toBe(
      `${REFUSED}its public key is not that of its private key`,
    )
    expect(
      await failureOf(importPrivateKey(withPublicKey(flipped(spki, 20, 1).subarray(-32)))),
    ).toBe(`${REFUSED}its public key is not that of its private key`)
  })

  test.each([
    [
      'with parameters',
      replaced(DER, [1], (old) => element(old.tag, old.content, element(TAG.null))),
      'its algorithm has parameters',
    ],
    [
      'of 31 bytes',
      replaced(DER, [2], () =>
        element(TAG.octetString, element(TAG.octetString, new Uint8Array(31))),
      ),
      'private key has 31 bytes, expected 32',
    ],
    [
      'of another version',
      replaced(DER, [0], () => versionOf(2)),
      'its version of PrivateKeyInfo is unknown',
    ],
    [
      'with unknown members',
      replaced(DER, [], (old) => element(old.tag, old.content, element(0xa2))),
      'PrivateKeyInfo has unknown members',
    ],
  ])('refuses one %s', async (_, der, reason) => {
    expect(await failureOf(importPrivateKey(encodePem('PRIVATE KEY', der)))).toBe(REFUSED + reason)
  })
})
