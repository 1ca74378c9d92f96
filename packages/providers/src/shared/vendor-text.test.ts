import { describe, expect, test } from 'vitest'
import { boundedText, identifier } from './vendor-text.ts'

describe('boundedText()', () => {
  test('leaves a plain message as it is', () => {
    const text = '(#100) Invalid parameter: see whatsapp_business_encryption of 106540352242922'
    expect(boundedText(text, ['ACCESS_TOKEN'])).toBe(text)
  })

  test.each([
    ['a known secret', 'token hunter2 is wrong', 'token *** is wrong'],
    [
      'an access token',
      'Malformed access token EAAGm0PX4ZCpsBAKZAZB9ZCd',
      'Malformed access token ***',
    ],
    [
      'a JWT',
      'in eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYWRtaW4ifQ12345.s',
      'in eyJhbGciOiJIUzI1NiJ9.***.s',
    ],
    ['a PEM block', 'got -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'got ***'],
    ['half of a PEM block', 'got -----BEGIN PRIVATE KEY-----\nMIIE', 'got ***'],
    ['line breaks', 'one\r\n\ttwo', 'one two'],
  ])('masks or flattens %s', (_name, text, expected) => {
    expect(boundedText(text, ['hunter2'])).toBe(expected)
  })

  // What a cut leaves of a key, or another width of its lines: no line of it is whole any more.
  test('masks what shares a part with a long secret, and no word', () => {
    const line = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgieZ5X0hTmisSAylD'
    const text = `key ${line.slice(3, 14)} and x/${line.slice(40, 48)}=, not ${line.slice(0, 7)}`
    expect(boundedText(text, [line])).toBe(`key *** and ***, not ${line.slice(0, 7)}`)
    const words = 'POST /v1/settings/business/whatsapp_business_encryption'
    expect(boundedText(words, [line, 'whatsapp_admin'])).toBe(words)
  })

  test('cuts a long message, and no character in half', () => {
    const text = boundedText(`a${'😀'.repeat(400)}`, [])
    expect(text?.length).toBe(300)
    expect(text?.endsWith('…')).toBe(true)
    expect(text?.isWellFormed()).toBe(true)
  })

  // A token pushed over the limit of what is looked at would be cut, and no longer look like one.
  test('shows no part of a token that the cut goes through', () => {
    const token = `EAAG${'a1'.repeat(50)}`
    const text = `${'-----BEGIN X-----\n-----END X-----'.repeat(58)}${' '.repeat(10)}${token}`
    expect(boundedText(text, [])).not.toContain('EAAG')
  })

  test('is null where there is nothing to show', () => {
    for (const text of [null, undefined, '', ' \n']) expect(boundedText(text, [])).toBe(null)
  })
})

describe('identifier()', () => {
  test('keeps codes and ids as they are spelled', () => {
    expect(identifier('WA-401', [])).toBe('WA-401')
    expect(identifier(190, [])).toBe('190')
  })

  test('keeps nothing that is more than an id', () => {
    for (const text of ['', 'a b', 'a\nb', 'x'.repeat(129), '<b>', null]) {
      expect(identifier(text, [])).toBe(null)
    }
    expect(identifier('code-hunter2', ['hunter2'])).toBe(null)
  })

  // A deployment that names what it was sent by a part of the key in it.
  test('keeps nothing that shares a part with a long secret', () => {
    const line = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgieZ5X0hTmisSAylD'
    expect(identifier(`id-${line.slice(40, 56)}`, [line])).toBe(null)
    expect(identifier(line.slice(0, 7), [line])).toBe(line.slice(0, 7))
  })
})
