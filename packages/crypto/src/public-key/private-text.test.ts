import { beforeAll, describe, expect, test } from 'vitest'
import type { Bytes } from '../bytes.ts'
import { TAG } from '../der/element.ts'
import { bitString, element, integer } from '../der/write.ts'
import { toBase64 } from '../encoding.ts'
import { encodePem } from '../pem/write.ts'
import { failureOf } from '../testing/faults.ts'
import { CERTIFICATE, SPKI } from '../testing/fixtures.ts'
import { NUMBERS } from '../testing/spki.ts'
import { importPublicKey } from './import.ts'
import { looksPrivate } from './private-text.ts'

const REFUSED =
  'key_is_private: Cannot import public key: the text holds or mentions a private key, send the public key alone'

const RSA = {
  name: 'RSA-OAEP',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
}

let pkcs8: Bytes
beforeAll(async () => {
  const { privateKey } = await crypto.subtle.generateKey(RSA, true, ['encrypt', 'decrypt'])
  pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
})

const version = (octet: number) => element(TAG.integer, Uint8Array.of(octet))
const octets = element(TAG.octetString, new Uint8Array(32).fill(1))
const algorithm = (...oid: readonly number[]) =>
  element(TAG.sequence, element(TAG.objectIdentifier, Uint8Array.from(oid)), element(TAG.null))
const PKCS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01]

const withLabel = (label: string) => encodePem(label, pkcs8)

describe('importPublicKey() refuses as private', () => {
  test.each<[string, () => string]>([
    ['PKCS#8', () => withLabel('PRIVATE KEY')],
    ['any other label', () => withLabel('ANY PRIVATE KEY')],
    ['a public label', () => withLabel('PUBLIC KEY')],
    ["a certificate's label", () => withLabel('CERTIFICATE')],
    ['no armour', () => toBase64(pkcs8)],
    ['no armour, wrapped', () => toBase64(pkcs8).replaceAll(/.{64}/g, '$&\n')],
    ['a public key beside it', () => SPKI + withLabel('PRIVATE KEY')],
    ['a public key before its bare base64', () => `${SPKI}\n${toBase64(pkcs8)}`],
    ['no END line', () => withLabel('PRIVATE KEY').replace(/-----END.*/, '')],
    ['its BEGIN line alone', () => '-----BEGIN RSA PRIVATE KEY'],
    ['a BEGIN line cut off', () => '-----BEGIN ENCRYPTED PRIVATE'],
    ['its END line alone', () => 'AAAA\n-----END EC PRIVATE KEY-----'],
    ['a fifth of it', () => toBase64(pkcs8).slice(0, 320)],
    ['its first line', () => toBase64(pkcs8).slice(0, 64)],
    ['lower-case armour', () => withLabel('PRIVATE KEY').toLowerCase()],
    ['literal \\n', () => withLabel('PRIVATE KEY').replaceAll('\n', '\\n')],
    ['JSON escapes', () => withLabel('PRIVATE\\u0020KEY')],
    ['no whitespace', () => withLabel('PRIVATE KEY').replaceAll(/\s/g, '')],
    ['percent-encoding', () => encodeURIComponent(withLabel('PRIVATE KEY'))],
    ['UTF-16 read as bytes', () => withLabel('PRIVATE KEY').replaceAll(/./g, '$&\0')],
    ['wide spacing', () => withLabel('P R I V A T E   K E Y')],
    ['a form that took its plus signs', () => toBase64(pkcs8).replaceAll('+', ' ')],
    ['zero-width spaces', () => toBase64(pkcs8).replaceAll(/./g, '$&\u200B')],
    ['a private JWK', () => '{"kty":"RSA","n":"AQAB","e":"AQAB","d" : "AQAB"}'],
    ["PuTTY's format", () => 'PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\nAAAA'],
    ['openssl -text', () => 'privateExponent:\n    00:d1:8f:55'],
    ['an OpenSSH key', () => 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE'],
  ])('%s', async (_, text) => {
    expect(await failureOf(importPublicKey(text()))).toBe(REFUSED)
  })

  test.each<[string, readonly Bytes[]]>([
    ['PKCS#1', [version(0), integer(NUMBERS.modulus), integer(NUMBERS.exponent)]],
    ['multi-prime PKCS#1', [version(1), integer(NUMBERS.modulus), integer(NUMBERS.exponent)]],
    ['SEC1', [version(1), octets]],
    ['PKCS#8', [version(0), algorithm(...PKCS, 1, 1), octets]],
    ['PKCS#8 with a public key', [version(1), algorithm(...PKCS, 1, 1), octets]],
    ['PKCS#12', [version(3), element(TAG.sequence, octets)]],
    ['PBES2', [algorithm(...PKCS, 5, 13), octets]],
    ['PBES1', [algorithm(...PKCS, 5, 3), octets]],
    ['PKCS#12 encryption', [algorithm(...PKCS, 12, 1, 3), octets]],
  ])('DER of %s', async (_, members) => {
    const base64 = toBase64(element(TAG.sequence, ...members))
    expect(await failureOf(importPublicKey(base64))).toBe(REFUSED)
    expect(await failureOf(importPublicKey(`key: ${base64}`))).toBe(REFUSED)
  })

  // A decoder that stops at the first thing it dislikes would call such a key merely malformed.
  test('DER with an indefinite or padded length', () => {
    const body = pkcs8.subarray(4, 400)
    for (const header of [
      [0x30, 0x80],
      [0x30, 0x83, 0x00, 0x04, 0xbe],
      [0x30, 0x7f],
    ]) {
      expect(looksPrivate(toBase64(Uint8Array.from([...header, ...body])))).toBe(true)
    }
  })
})

describe('looksPrivate() lets pass', () => {
  test.each([
    ['a public key', SPKI],
    [
      'a certificate of a company called "Private Limited"',
      `subject=O=Example Private Limited\n${CERTIFICATE}`,
    ],
    ['the certificate extension of that name', `X509v3 Private Key Usage Period:\n${CERTIFICATE}`],
    [
      'a SubjectPublicKeyInfo of Diffie-Hellman',
      toBase64(
        element(
          TAG.sequence,
          element(
            TAG.sequence,
            element(
              TAG.objectIdentifier,
              Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01),
            ),
          ),
          bitString(NUMBERS.modulus),
        ),
      ),
    ],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(looksPrivate(text)).toBe(false)
  })
})
