/** Looks for pieces of a private key in whatever comes out, in every spelling that it could come out in. */
import { armour } from '../api/harness/keys.ts'

/** As much of a key as nobody may see: chance does not produce it. */
const WINDOW = 16

export type TraceFinder = (output: string | Uint8Array) => string | null

/**
 * Finds any 16 characters or bytes of a key: of its PEM, its DER, and the DER in base64, base64url and hex.
 * @param unlike another key of the same form: what both have is the form, and no secret
 * @returns a finder that tells in which spelling it found something, or null
 */
export function traceFinder(pem: string, unlike: string): TraceFinder {
  const common = new Set(spellings(unlike).flatMap(([, text]) => [...windows(text)]))
  const wanted = new Map<string, string>()
  for (const [name, text] of spellings(pem)) {
    for (const window of windows(text)) if (!common.has(window)) wanted.set(window, name)
  }
  return (output) => {
    const text = typeof output === 'string' ? output : latin1(output)
    for (const window of windows(text)) {
      const name = wanted.get(window)
      if (name !== undefined) return name
    }
    return null
  }
}

/** Every spelling of a key that `traceFinder()` knows, by name. */
export function spellings(pem: string): readonly (readonly [name: string, text: string])[] {
  const der = derOf(pem)
  const shifted = [0, 1, 2].map((start) => Buffer.from(der.subarray(start)))
  return [
    ['PEM', pem],
    ['PEM, URL-encoded', encodeURIComponent(pem)],
    ['DER', latin1(der)],
    ['hex', Buffer.from(der).toString('hex')],
    ['hex in capitals', Buffer.from(der).toString('hex').toUpperCase()],
    ...shifted.map((part, at) => [`base64 from byte ${at}`, part.toString('base64')] as const),
    ...shifted.map((part, at) => [`base64url from ${at}`, part.toString('base64url')] as const),
  ]
}

/** Where the secret number of a P-256 key stands in its PKCS#8 (RFC 5208, RFC 5915). */
const SECRET_AT = 36
const SECRET_BYTES = 32

/** What of a P-256 key in PKCS#8 is secret, armoured: the rest of it is in every certificate. */
export function secretOf(pem: string): string {
  return armour('SECRET', derOf(pem).subarray(SECRET_AT, SECRET_AT + SECRET_BYTES))
}

/** The bytes inside the armour, without the header lines of legacy encryption (RFC 1421 §4.4). */
function derOf(pem: string): Uint8Array {
  const lines = pem.split('\n').filter((line) => !line.startsWith('-----') && !line.includes(':'))
  return new Uint8Array(Buffer.from(lines.join(''), 'base64'))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function* windows(text: string): Generator<string> {
  for (let at = 0; at + WINDOW <= text.length; at += 1) yield text.slice(at, at + WINDOW)
}
