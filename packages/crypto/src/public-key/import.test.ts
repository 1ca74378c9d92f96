import { describe, expect, test } from 'vitest'
import { failureOf } from '../testing/faults.ts'
import * as fixtures from '../testing/fixtures.ts'
import { octetsOf, pemOf, SPKI_DER } from '../testing/spki.ts'
import { importPublicKey, MAX_KEY_TEXT, readPublicKey } from './import.ts'
import { fingerprintOf, spkiOf } from './spki.ts'

const { CERTIFICATE, FINGERPRINT, PKCS1, SPKI, TRUSTED_CERTIFICATE } = fixtures

describe('importPublicKey()', () => {
  test('leaves canonical SPKI PEM as it is', async () => {
    expect(await importPublicKey(SPKI)).toEqual({
      pem: SPKI,
      fingerprint: FINGERPRINT,
      repairs: [],
    })
  })

  test.each([
    ['PKCS#1', PKCS1, 'converted_from_pkcs1'],
    ['a certificate', CERTIFICATE, 'extracted_from_certificate'],
    ['a certificate with OpenSSL trust', TRUSTED_CERTIFICATE, 'extracted_from_certificate'],
    [
      'an X509 CERTIFICATE',
      CERTIFICATE.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
      'extracted_from_certificate',
    ],
  ])('reads %s to the same key', async (_, text, repair) => {
    const { pem, fingerprint, repairs } = await importPublicKey(text)
    expect({ pem, fingerprint }).toEqual({ pem: SPKI, fingerprint: FINGERPRINT })
    expect(repairs.map(({ code }) => code)).toEqual([repair])
    expect(repairs.every(({ message }) => message !== '')).toBe(true)
  })

  test.each([
    ['nothing', '', 'the text is empty'],
    ['whitespace', ' \r\n\t', 'the text is empty'],
    ['a byte order mark', '\uFEFF', 'the text is empty'],
    ['prose', 'no key here', 'the text has no PEM block and is not base64'],
    [
      'an OpenSSH key',
      'ssh-rsa AAAAB3NzaC1yc2E= me@host',
      'it is in the format of OpenSSH, expected PEM',
    ],
    ['1024 bits', fixtures.RSA_1024, 'modulus is 1024 bits, expected 2048'],
    ['RSASSA-PSS', fixtures.RSA_PSS, 'its algorithm is RSASSA-PSS, expected RSA'],
    ['an elliptic curve', fixtures.EC_P256, 'its algorithm is elliptic curve, expected RSA'],
    ['Ed25519', fixtures.ED25519, 'its algorithm is Ed25519, expected RSA'],
    [
      'exponent 1',
      pemOf({ exponent: octetsOf(1n) }),
      'exponent is 1, expected an odd number above 2',
    ],
    ['two keys', SPKI + pemOf({ exponent: octetsOf(3n) }), 'the text holds different public keys'],
    [
      "a key and another one's certificate",
      pemOf({ exponent: octetsOf(3n) }) + CERTIFICATE,
      'the text holds different public keys',
    ],
    ['no END line', SPKI.replace(/-----END.*/, ''), 'its BEGIN line has no END line'],
    ['no BEGIN line', SPKI.replace(/.*BEGIN.*/, ''), 'its BEGIN and END lines do not pair up'],
    [
      'two BEGIN lines',
      SPKI.replace('-----END', '-----BEGIN'),
      'its BEGIN and END lines do not pair up',
    ],
    [
      'a request',
      CERTIFICATE.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
      'it has no PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE block',
    ],
    ['33 blocks', SPKI.repeat(33), 'there are more than 32 PEM blocks'],
    ['too much text', SPKI + ' '.repeat(MAX_KEY_TEXT), 'the text is longer than 65536 characters'],
    ['a foreign character', SPKI.replace('MIIB', 'M!IB'), 'the PEM block is not base64'],
    ['trailing bytes', SPKI.replace('\n-----END', 'AAAA\n-----END'), 'DER has trailing bytes'],
    ['a missing line', SPKI.replace(/\n.{64}\n(?=.{1,63}\n)/, '\n'), 'DER is cut off'],
    ['an empty block', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n', 'DER is empty'],
  ])('refuses %s', async (_, text, reason) => {
    expect(await failureOf(importPublicKey(text))).toBe(
      `key_invalid: Cannot import public key: ${reason}`,
    )
  })

  // The WebCrypto of each runtime takes others of these.
  test.each([3n, 5n, 65_537n, 2n ** 33n - 1n, 2n ** 64n + 1n])(
    'takes the exponent %s on every runtime',
    async (e) => {
      expect((await importPublicKey(pemOf({ exponent: octetsOf(e) }))).repairs).toEqual([])
    },
  )

  test('takes the first certificate of a chain, whatever follows it', async () => {
    const issuer = CERTIFICATE.replace(/\n.{64}\n/, '\n')
    const { fingerprint, repairs } = await importPublicKey(CERTIFICATE + issuer)
    expect(fingerprint).toBe(FINGERPRINT)
    expect(repairs.map(({ code }) => code)).toEqual([
      'extracted_from_certificate',
      'certificate_chain',
    ])
  })

  test('takes one key that is there twice', async () => {
    const { fingerprint, repairs } = await importPublicKey(SPKI + CERTIFICATE)
    expect(fingerprint).toBe(FINGERPRINT)
    expect(repairs.map(({ code }) => code)).toEqual(['extracted_from_certificate', 'duplicate_key'])
  })
})

describe('readPublicKey()', () => {
  test('reads a key without telling of repairs', async () => {
    expect(await readPublicKey(SPKI.replaceAll('\n', '\\n'))).toEqual({
      pem: SPKI,
      fingerprint: FINGERPRINT,
    })
  })

  // WhatsApp's own page shows a single space as the key of a number whose key does not match.
  test.each([' ', '', 'null', fixtures.RSA_1024, fixtures.EC_P256])(
    'gives null for "%s"',
    async (text) => {
      expect(await readPublicKey(text)).toBeNull()
    },
  )
})

test('spkiOf() and fingerprintOf() give what the fingerprint is made from', async () => {
  const key = await importPublicKey(PKCS1)
  expect(spkiOf(key)).toEqual(SPKI_DER)
  expect(await fingerprintOf(spkiOf(key))).toBe(FINGERPRINT)
})
