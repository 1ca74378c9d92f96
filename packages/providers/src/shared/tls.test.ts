import { describe, expect, test } from 'vitest'
import { tlsField } from './tls.ts'

/** A CA of nobody's: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=CA`. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBXjCCAQSgAwIBAgIBATAKBggqhkjOPQQDAjANMQswCQYDVQQDDAJDQTAgFw0y',
  'NjExMjEwNTQ1MjlaGA8yMTI2MTAyODA1NDUyOVowDTELMAkGA1UEAwwCQ0EwWTAT',
  'BgcqhkjOPQIBBggqhkjOPQMBBwNCAARQdRPreLH3ehHnCOqFRRYNeW8alLHkVfF4',
  'jQWk4mqE5LnKrjPTeqavUppEBs7JE0F7VESjQkP2YrOnYBUSVteTo1MwUTAdBgNV',
  'HQ4EFgQU41CmMnUZyUCHM2hk19DE3/M2144wHwYDVR0jBBgwFoAU41CmMnUZyUCH',
  'M2hk19DE3/M2144wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAs',
  '5TCWXRQaGeRgEmSox4OLx2DfaduWTzNdssWFnefSzgIhAI0DlB8r0Mw55GxTUUeM',
  '1BhW1NPPkTQnYNvz2011EJY4',
  '-----END CERTIFICATE-----',
  '',
].join('\n')
const DIGITS = '0123456789abcdef'.repeat(4)
const PAIRS = DIGITS.toUpperCase().match(/../g)?.join(':')
const CANONICAL = `sha256:${DIGITS}`

const parse = (caCertificates: string) => tlsField.parse({ caCertificates })

function messageOf(tls: unknown): string | undefined {
  const { error } = tlsField.safeParse(tls)
  if (error === undefined) return undefined
  return JSON.stringify(error.issues)
}

describe('tlsField', () => {
  test('keeps CA certificates as strict PEM, whatever stood around them', () => {
    expect(parse(CERTIFICATE)).toEqual({ caCertificates: CERTIFICATE })
    const mangled = `subject=CN = CA\r\n${CERTIFICATE.replaceAll('\n', '\r\n')}\r\n`
    expect(parse(mangled)).toEqual({ caCertificates: CERTIFICATE })
    const several = CERTIFICATE.repeat(10)
    expect(parse(several)).toEqual({ caCertificates: several })
  })

  test.each([
    ['nothing', ''],
    ['text', 'our own CA'],
    ['more than ten', CERTIFICATE.repeat(11)],
    ['a megabyte', CERTIFICATE.repeat(2_000)],
    ['a cut-off block', CERTIFICATE.slice(0, -40)],
    ['a block of other things', CERTIFICATE.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')],
    ['a block that is no certificate', CERTIFICATE.replace(/MII.{20}/, 'MIIB')],
    ['base64 without its lines', CERTIFICATE.replaceAll(/-+[A-Z ]+-+/g, '')],
  ])('refuses %s for CA certificates', (_what, caCertificates) => {
    expect(messageOf({ caCertificates })).toBeDefined()
  })

  // The file that was at hand is often the server's own, with its key.
  test.each([
    ['in a block', '-----BEGIN PRIVATE KEY-----\nMIIBVQIBADANBg\n-----END PRIVATE KEY-----\n'],
    ['cut off', '-----BEGIN EC PRIVATE KEY-----\nMIIBVQIBADANBg\n'],
    ['without its lines', 'MIIBVQIBADANBg'],
  ])('refuses a private key %s beside a certificate, and does not repeat it', (_how, key) => {
    for (const caCertificates of [CERTIFICATE + key, key + CERTIFICATE]) {
      const message = messageOf({ caCertificates })
      expect(message).toMatch(/private key|BEGIN/)
      expect(message).not.toContain('MII')
    }
  })

  test.each([
    ['canonical', CANONICAL],
    ['bare', DIGITS],
    ['upper case', DIGITS.toUpperCase()],
    ['colons', `${PAIRS}`],
    ['our prefix with colons', `SHA256:${PAIRS}`],
    ['openssl', `sha256 Fingerprint=${PAIRS}\n`],
    ['older openssl', `SHA256 Fingerprint=${PAIRS}`],
  ])('keeps a fingerprint in one form: %s', (_form, pinnedFingerprint) => {
    expect(tlsField.parse({ pinnedFingerprint })).toEqual({ pinnedFingerprint: CANONICAL })
  })

  test.each([
    ['SHA-1', DIGITS.slice(0, 40)],
    ['one digit short', DIGITS.slice(1)],
    ['one digit more', `${DIGITS}0`],
    ['a colon missing', `${PAIRS}`.replace(':', '')],
    ['another digest named', `sha384:${DIGITS}`],
    ['other letters', 'g'.repeat(64)],
    ['two of them', `${DIGITS} ${DIGITS}`],
    ['a long text', '0'.repeat(100_000)],
  ])('refuses a fingerprint that is none: %s', (_form, pinnedFingerprint) => {
    expect(messageOf({ pinnedFingerprint })).toMatch(/SHA-256|128/)
  })

  test('takes one of the two, and nothing else', () => {
    const both = { caCertificates: CERTIFICATE, pinnedFingerprint: CANONICAL }
    for (const tls of [{}, both, { verify: false }, { pinnedFingerprint: null }, 'none', null]) {
      expect(messageOf(tls)).toBeDefined()
    }
    expect(tlsField.parse(undefined)).toBe(undefined)
  })
})
