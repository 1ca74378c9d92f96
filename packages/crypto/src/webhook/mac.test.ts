import { describe, expect, test } from 'vitest'
import { toBase64, toHex, toUtf8 } from '../encoding.ts'
import { hmacSha256 } from '../digest.ts'
import { verifyBase64Mac, verifyHubSignature } from './mac.ts'

const SECRET = 'Jefe'
// RFC 4231 §4.3.
const BODY = toUtf8('what do ya want for nothing?')
const HEX = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
const mac = await hmacSha256(SECRET, BODY)

describe('verifyHubSignature()', () => {
  test('knows a body by the present and by the previous secret', async () => {
    expect(toHex(mac)).toBe(HEX)
    expect(await verifyHubSignature(`sha256=${HEX}`, BODY, [SECRET])).toBe(true)
    expect(await verifyHubSignature(`sha256=${HEX}`, BODY, ['new', SECRET])).toBe(true)
  })

  test.each([
    ['none', ''],
    ['the digest alone', HEX],
    ['one of SHA-1', `sha1=${HEX.slice(0, 40)}`],
    ['a part', `sha256=${HEX.slice(0, 62)}`],
    ['a longer one', `sha256=${HEX}00`],
    ['another', `sha256=${HEX.replace('5', '6')}`],
    ['what is no hex', 'sha256=\u00fc'],
  ])('does not take %s', async (_, signature) => {
    expect(await verifyHubSignature(signature, BODY, [SECRET])).toBe(false)
  })

  // With an empty secret, or none at all, everybody could sign.
  test.each([[[]], [['']], [['other']]])('does not take the secrets %j', async (secrets) => {
    expect(await verifyHubSignature(`sha256=${HEX}`, BODY, secrets)).toBe(false)
  })
})

describe('verifyBase64Mac()', () => {
  test('knows a body by its secret', async () => {
    expect(await verifyBase64Mac(toBase64(mac), BODY, [SECRET])).toBe(true)
  })

  test.each([
    ['none', ''],
    ['hex', HEX],
    ['a part', toBase64(mac.slice(0, 30))],
    ['another spelling', toBase64(mac).replace('=', '')],
    ['what is no base64', '?'],
  ])('does not take %s', async (_, signature) => {
    expect(await verifyBase64Mac(signature, BODY, [SECRET])).toBe(false)
  })

  test('does not take another body, or another secret', async () => {
    expect(await verifyBase64Mac(toBase64(mac), BODY.slice(1), [SECRET])).toBe(false)
    expect(await verifyBase64Mac(toBase64(mac), BODY, ['', 'other'])).toBe(false)
  })
})
