import { describe, expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../encoding.ts'
import { MAX_KEY_TEXT } from '../public-key/import.ts'
import { fingerprintOf } from '../public-key/spki.ts'
import { failureOf } from '../testing/faults.ts'
import { CERTIFICATE, SPKI } from '../testing/fixtures.ts'
import { signs } from '../testing/signs.ts'
import * as keys from '../testing/throw-away-keys.ts'
import { FOREIGN } from '../testing/throw-away-odd-keys.ts'
import { RSA_FINGERPRINT, RSA_PKCS1, RSA_PKCS8 } from '../testing/throw-away-rsa-keys.ts'
import { importPrivateKey } from './import.ts'

const { ED25519, FINGERPRINTS, P256_PKCS8, P256_SEC1, P384_PKCS8, P521_PKCS8 } = keys
const SEC1 = P256_SEC1['ecparam -genkey -noout'] ?? ''
const bodyOf = (pem: string) => pem.replaceAll(/-----.*-----|\s/g, '')
const codesOf = ({ repairs }: { repairs: readonly { code: string }[] }) =>
  repairs.map(({ code }) => code)

describe('importPrivateKey()', () => {
  test.each([
    ['P-256', P256_PKCS8, { type: 'EC', curve: 'P-256' }, FINGERPRINTS['P-256']],
    ['P-384', P384_PKCS8, { type: 'EC', curve: 'P-384' }, FINGERPRINTS['P-384']],
    ['P-521', P521_PKCS8, { type: 'EC', curve: 'P-521' }, FINGERPRINTS['P-521']],
    ['Ed25519', ED25519, { type: 'Ed25519' }, FINGERPRINTS.Ed25519],
    ['RSA', RSA_PKCS8, { type: 'RSA', modulusBits: 2048 }, RSA_FINGERPRINT],
  ])('reads PKCS#8 of %s as it is', async (_, pem, algorithm, fingerprint) => {
    const key = await importPrivateKey(pem)
    expect(key.algorithm).toEqual(algorithm)
    expect(toBase64(key.pkcs8)).toBe(bodyOf(pem))
    expect(await fingerprintOf(key.spki)).toBe(fingerprint)
    expect(key.repairs).toEqual([])
    expect(await signs(key)).toBe(true)
  })

  test.each(Object.entries(P256_SEC1))('converts what openssl %s wrote', async (_, pem) => {
    const key = await importPrivateKey(pem)
    expect(toBase64(key.pkcs8)).toBe(bodyOf(P256_PKCS8))
    expect(await fingerprintOf(key.spki)).toBe(FINGERPRINTS['P-256'])
    expect(codesOf(key)).toEqual(['converted_from_ec_private_key'])
  })

  test('converts PKCS#1', async () => {
    const key = await importPrivateKey(RSA_PKCS1)
    expect(toBase64(key.pkcs8)).toBe(bodyOf(RSA_PKCS8))
    expect(codesOf(key)).toEqual(['converted_from_rsa_private_key'])
  })

  test('gives the public key of RSA-2048 as it is published, of other keys none', async () => {
    const { publicKey, spki } = await importPrivateKey(RSA_PKCS8)
    expect(publicKey?.fingerprint).toBe(RSA_FINGERPRINT)
    expect(fromBase64(bodyOf(publicKey?.pem ?? ''))).toEqual(spki)
    expect((await importPrivateKey(ED25519)).publicKey).toBeNull()
  })
})

describe('importPrivateKey() mends', () => {
  test.each<[string, string, readonly string[]]>([
    ['CR LF', RSA_PKCS8.replaceAll('\n', '\r\n'), ['crlf_line_endings']],
    ['a byte order mark', `\uFEFF${RSA_PKCS8}`, ['byte_order_mark']],
    ['literal \\n', RSA_PKCS8.replaceAll('\n', '\\n'), ['escaped_newlines']],
    ['quotes', JSON.stringify(RSA_PKCS8), ['escaped_newlines', 'surrounding_quotes']],
    [
      "a service account's JSON",
      JSON.stringify({ type: 'service_account', private_key: RSA_PKCS8 }),
      ['escaped_newlines', 'surrounding_quotes', 'surrounding_text'],
    ],
    ['text around', `Bag Attributes\n    friendlyName: x\n${RSA_PKCS8}`, ['surrounding_text']],
    ['one line', RSA_PKCS8.replaceAll('\n', ' ').trim(), ['single_line']],
    ['indentation', RSA_PKCS8.replaceAll(/^/gm, '  '), ['stray_whitespace']],
    ['no armour', bodyOf(RSA_PKCS8), ['missing_armour']],
    [
      'a wrong label',
      RSA_PKCS8.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'),
      ['mislabelled_block'],
    ],
    [
      "a certificate's label",
      RSA_PKCS8.replaceAll('PRIVATE KEY', 'CERTIFICATE'),
      ['mislabelled_block'],
    ],
    ['its certificate beside it', RSA_PKCS8 + CERTIFICATE, ['other_blocks']],
    ['a public key before it', SPKI + RSA_PKCS8, ['other_blocks']],
    [
      'needless headers',
      RSA_PKCS8.replace('-----\n', '-----\nComment: mine\n\n'),
      ['block_headers'],
    ],
  ])('%s', async (_, text, codes) => {
    const key = await importPrivateKey(text)
    expect(key.publicKey?.fingerprint).toBe(RSA_FINGERPRINT)
    expect(codesOf(key)).toEqual(codes)
  })

  test('nothing, where the curve stands before its key', async () => {
    const parameters =
      '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
    expect(codesOf(await importPrivateKey(parameters + SEC1))).toEqual([
      'converted_from_ec_private_key',
    ])
  })

  test('a needless passphrase', async () => {
    expect(codesOf(await importPrivateKey(ED25519, { passphrase: 'x' }))).toEqual([
      'passphrase_not_needed',
    ])
    expect(codesOf(await importPrivateKey(ED25519, { passphrase: '' }))).toEqual([])
  })
})

describe('importPrivateKey() refuses', () => {
  test.each([
    ['nothing', '', 'the text is empty'],
    ['whitespace', ' \r\n', 'the text is empty'],
    ['prose', 'no key here', 'the text holds no private key'],
    ['a public key', SPKI, 'the text holds no private key'],
    ['a certificate', CERTIFICATE, 'the text holds no private key'],
    ['two keys', RSA_PKCS8 + SEC1, 'the text holds more than one private key'],
    ['a key twice', SEC1 + SEC1, 'the text holds more than one private key'],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----',
      'it is in the format of OpenSSH, expected PEM',
    ],
    [
      "PuTTY's format",
      'PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\nAAAA',
      'it is in the format of PuTTY, expected PEM',
    ],
    ['a JWK', '{"kty":"OKP","crv":"Ed25519","d":"AQAB","x":"AQAB"}', 'it is a JWK, expected PEM'],
    [".NET's XML", '<RSAKeyValue><D>AQAB</D></RSAKeyValue>', "it is in .NET's XML, expected PEM"],
    ['no END line', SEC1.replace(/-----END.*/, ''), 'its BEGIN line has no END line'],
    ['a foreign character', SEC1.replace('MHcC', 'M!cC'), 'the PEM block is not base64'],
    [
      'trailing bytes',
      P256_PKCS8.replace('\n-----END', 'AAAA\n-----END'),
      'DER has trailing bytes',
    ],
    ['a missing line', RSA_PKCS8.replace(/\n.{64}\n(?=.{1,63}\n)/, '\n'), 'DER is cut off'],
    ['too much text', SEC1 + ' '.repeat(MAX_KEY_TEXT), 'the text is longer than 65536 characters'],
    [
      'secp256k1',
      FOREIGN['ecparam -name secp256k1 -genkey -noout'] ?? '',
      'its curve is secp256k1, expected P-256, P-384 or P-521',
    ],
    [
      'a curve told by its parameters',
      FOREIGN['ecparam -name prime256v1 -genkey -noout -param_enc explicit'] ?? '',
      'its curve is told by parameters, expected its name',
    ],
    [
      'Ed448',
      FOREIGN['genpkey -algorithm ed448'] ?? '',
      'its algorithm is Ed448, expected RSA, an elliptic curve or Ed25519',
    ],
    [
      'X25519',
      FOREIGN['genpkey -algorithm x25519'] ?? '',
      'its algorithm is X25519, expected RSA, an elliptic curve or Ed25519',
    ],
  ])('%s', async (_, text, reason) => {
    expect(await failureOf(importPrivateKey(text))).toBe(
      `key_invalid: Cannot import private key: ${reason}`,
    )
  })
})
