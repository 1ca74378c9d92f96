import { describe, expect, test } from 'vitest'
import { fromBase64 } from '../encoding.ts'
import { armoured } from '../testing/armoured.ts'
import { readPemParts } from './parts.ts'

const BODY = '\nAAECAwQFBgcICQoLDA0ODw==\n'
const BYTES = fromBase64('AAECAwQFBgcICQoLDA0ODw==')
const CERTIFICATE = armoured('CERTIFICATE', BODY)
const PRIVATE = armoured('RSA PRIVATE KEY', BODY)
const LIMIT = 4

const read = (text: string) => readPemParts(text, LIMIT)
const labelsOf = (text: string) => read(text).parts.map(({ label }) => label)
const repairsOf = (text: string) => [...read(text).repairs]

describe('readPemParts()', () => {
  test('takes apart the blocks of a text, in their order', () => {
    const { parts, repairs, isPrivateAround } = read(CERTIFICATE + armoured('PKCS7', BODY))
    expect(parts).toEqual([
      { label: 'CERTIFICATE', isPrivate: false, text: CERTIFICATE.trimEnd(), bytes: BYTES },
      {
        label: 'PKCS7',
        isPrivate: false,
        text: armoured('PKCS7', BODY).trimEnd(),
        bytes: BYTES,
      },
    ])
    expect([...repairs]).toEqual([])
    expect(isPrivateAround).toBe(false)
  })

  test('leaves a private key to its own reader', () => {
    const [, key] = read(CERTIFICATE + PRIVATE).parts
    expect(key).toEqual({
      label: 'RSAPRIVATEKEY',
      isPrivate: true,
      text: PRIVATE.trimEnd(),
      bytes: null,
    })
  })

  test('hands out the same whatever editors did to the text', () => {
    const mangled = `\uFEFFsubject=CN\n${CERTIFICATE.replaceAll('\n', '\r\n')}\nthe end\n`
    expect(read(mangled).parts[0]?.bytes).toEqual(BYTES)
    expect(repairsOf(mangled)).toEqual(
      expect.arrayContaining(['byte_order_mark', 'crlf_line_endings', 'surrounding_text']),
    )
  })

  test('reads an armour that is spelled unusually, and tells', () => {
    const odd = CERTIFICATE.replaceAll('-----', '----').replace('BEGIN', 'begin')
    expect(labelsOf(odd)).toEqual(['CERTIFICATE'])
    expect(repairsOf(odd)).toContain('nonstandard_armour')
  })

  test('keeps a block that is no base64, without bytes', () => {
    const [part, next] = read(armoured('CERTIFICATE', '\n!!!!\n') + CERTIFICATE).parts
    expect(part?.bytes).toBeNull()
    expect(next?.bytes).toEqual(BYTES)
  })

  test('reads base64 without any armour as one block without a label', () => {
    const bare = 'AAECAwQFBgcICQoLDA0ODw=='
    expect(read(bare)).toMatchObject({ parts: [{ label: '', isPrivate: false, bytes: BYTES }] })
    expect(repairsOf(bare)).toContain('missing_armour')
    expect(repairsOf(`"${bare}"`)).toContain('surrounding_quotes')
  })

  test.each(['', '  \n', 'hello, world'])('finds nothing in %j', (text) => {
    expect(read(text).parts).toEqual([])
  })

  // A key outside of any block would be passed over, and end up wherever the text is kept.
  test('tells of a private key that may stand around the blocks', () => {
    expect(read(`${CERTIFICATE}nothing to see here`).isPrivateAround).toBe(false)
    expect(read(`privateExponent: 00:a1:b2\n${CERTIFICATE}`).isPrivateAround).toBe(true)
    expect(read(`${CERTIFICATE}privateExponent: 00:a1:b2`).isPrivateAround).toBe(true)
  })

  test.each([
    ['a block without end', '-----BEGIN CERTIFICATE-----\nAAEC\n'],
    ['an end without block', `AAEC\n-----END CERTIFICATE-----\n`],
    ['more blocks than allowed', CERTIFICATE.repeat(LIMIT + 1)],
  ])('refuses %s', (_, text) => {
    const refusal = expect.objectContaining({ code: 'certificate_invalid' })
    expect(() => read(text)).toThrow(refusal)
  })

  test('takes as many blocks as allowed', () => {
    expect(labelsOf(CERTIFICATE.repeat(LIMIT))).toHaveLength(LIMIT)
  })
})
