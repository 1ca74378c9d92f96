import { describe, expect, test } from 'vitest'
import { FINGERPRINT, PKCS1, SPKI } from '../testing/fixtures.ts'
import { importPublicKey } from './import.ts'

const BODY = SPKI.replaceAll(/-----.*-----/g, '').replaceAll('\n', '')
const armoured = (body: string) => `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`
const viaForm = (text: string) => new URLSearchParams(`key=${text}`).get('key') ?? ''
const wrapped = (columns: number) => BODY.replaceAll(new RegExp(`.{${columns}}`, 'g'), '$&\n')

describe('importPublicKey() mends and names', () => {
  test.each<[string, string, readonly string[]]>([
    ['CR LF', SPKI.replaceAll('\n', '\r\n'), ['crlf_line_endings']],
    ['CR', SPKI.replaceAll('\n', '\r'), ['cr_line_endings']],
    ['a byte order mark', `\uFEFF${SPKI}`, ['byte_order_mark']],
    ['literal \\n', SPKI.replaceAll('\n', '\\n'), ['escaped_newlines']],
    ['literal \\r\\n', SPKI.replaceAll('\n', '\\r\\n'), ['crlf_line_endings', 'escaped_newlines']],
    ['literal \\\\n, JSON twice', SPKI.replaceAll('\n', '\\\\n'), ['escaped_newlines']],
    [
      '\\u002B and \\/, as .NET and PHP write JSON',
      SPKI.replaceAll('+', '\\u002B').replaceAll('/', '\\/'),
      ['escaped_characters'],
    ],
    ['a JSON string', JSON.stringify(SPKI), ['escaped_newlines', 'surrounding_quotes']],
    ['single quotes', `'${SPKI.trim()}'`, ['surrounding_quotes']],
    ['typographic quotes', `“${SPKI}”`, ['surrounding_quotes']],
    [
      'a JSON object',
      JSON.stringify({ public_key: SPKI }),
      ['escaped_newlines', 'surrounding_quotes', 'surrounding_text'],
    ],
    ['text before', `Bag Attributes\n    friendlyName: key\n${SPKI}`, ['surrounding_text']],
    ['text after', `${SPKI}-- \nKind regards`, ['surrounding_text']],
    ['one line with spaces', SPKI.replaceAll('\n', ' '), ['single_line']],
    ['one line', armoured(BODY).replaceAll('\n', ''), ['single_line']],
    ['no whitespace at all', SPKI.replaceAll(/\s/g, ''), ['single_line', 'nonstandard_armour']],
    ['one line of base64', armoured(BODY), ['nonstandard_wrapping']],
    ['76 columns', armoured(wrapped(76).trim()), ['nonstandard_wrapping']],
    ['indentation', SPKI.replaceAll(/^/gm, '    ').trimEnd(), ['stray_whitespace']],
    ['trailing spaces', SPKI.replaceAll('\n', ' \n'), ['stray_whitespace']],
    ['blank lines', SPKI.replaceAll('\n', '\n\n'), ['stray_whitespace']],
    ['no-break spaces', SPKI.replaceAll(/^/gm, '\u00A0'), ['stray_whitespace']],
    ['zero-width spaces', SPKI.replaceAll('A', 'A\u200B'), ['stray_whitespace']],
    [
      'zero-width spaces in its armour',
      SPKI.replaceAll('PUBLIC', 'PUB\u200BLIC'),
      ['stray_whitespace'],
    ],
    ['leading blank lines', `\n\n${SPKI}`, ['stray_whitespace']],
    [
      'lower-case armour',
      SPKI.replaceAll(/-----.*-----/g, (line) => line.toLowerCase()),
      ['nonstandard_armour'],
    ],
    ['long dashes', SPKI.replaceAll('-----', '——'), ['nonstandard_armour']],
    [
      'four dashes and spaces',
      SPKI.replaceAll('-----', '---- ').replaceAll('KEY---- ', 'KEY ----'),
      ['nonstandard_armour'],
    ],
    ['no armour', BODY, ['missing_armour']],
    ['no armour, wrapped', wrapped(64), ['missing_armour']],
    ['no armour, quoted', `"${BODY}"`, ['surrounding_quotes', 'missing_armour']],
    ['the wrong label', SPKI.replaceAll('PUBLIC', 'RSA PUBLIC'), ['mislabelled_block']],
    ['another END label', SPKI.replace('END PUBLIC', 'END RSA PUBLIC'), ['mislabelled_block']],
    [
      'the wrong label on PKCS#1',
      PKCS1.replaceAll('RSA ', ''),
      ['mislabelled_block', 'converted_from_pkcs1'],
    ],
    [
      'headers',
      armoured(`Comment: "key"\nX-Origin: here\n\n${wrapped(64).trim()}`),
      ['block_headers'],
    ],
    [
      'another block',
      `-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n${SPKI}`,
      ['other_blocks'],
    ],
  ])('%s', async (_, text, codes) => {
    const { pem, fingerprint, repairs } = await importPublicKey(text)
    expect({ pem, fingerprint }).toEqual({ pem: SPKI, fingerprint: FINGERPRINT })
    expect(repairs.map(({ code }) => code).toSorted()).toEqual(codes.toSorted())
  })

  test.each(['', '\n', '\r\n'])('nothing in a text that ends with "%s"', async (ending) => {
    const { repairs } = await importPublicKey(SPKI.trimEnd().replaceAll('\n', '\n') + ending)
    expect(repairs.filter(({ code }) => code !== 'crlf_line_endings')).toEqual([])
  })
})

// `curl -d public_key="$(cat key.pem)"` sends plus signs as they are, and a form reads them as spaces.
describe('importPublicKey() restores plus signs that a form took', () => {
  test('the key has some to lose', () => {
    expect(BODY).toContain('+')
  })

  test.each([
    ['in lines', SPKI, []],
    ['in one line', armoured(BODY).replaceAll('\n', ''), ['single_line']],
  ])('%s', async (_, text, more) => {
    const { fingerprint, repairs } = await importPublicKey(viaForm(text))
    expect(fingerprint).toBe(FINGERPRINT)
    const codes = [...more, 'plus_signs_restored']
    expect(repairs.map(({ code }) => code).toSorted()).toEqual(codes.toSorted())
  })

  // Spaces instead of line breaks and lost plus signs together cannot be told apart: no guess is made.
  test('but not where line breaks became spaces too', async () => {
    await expect(importPublicKey(viaForm(SPKI).replaceAll('\n', ' '))).rejects.toMatchObject({
      code: 'key_invalid',
    })
  })
})
