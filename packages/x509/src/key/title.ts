import type { Key } from './key.ts'

/** RFC 3279 §2.3, RFC 5480 §2.1.1.1, RFC 8410 §3, RFC 5639 §4.1, SEC 2 §A.2. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10046.2.1', 'Diffie-Hellman'],
  ['1.2.840.10045.3.1.1', 'EC P-192'],
  ['1.3.132.0.33', 'EC P-224'],
  ['1.3.132.0.10', 'EC secp256k1'],
  ['1.3.36.3.3.2.8.1.1.7', 'EC brainpoolP256r1'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
  ['1.3.101.113', 'Ed448'],
])

/** What kind of key it is, in words: `RSA 2048`, `EC P-256`. */
export function keyTitle(key: Key): string {
  switch (key.kind) {
    case 'RSA':
      return `${key.pss === undefined ? 'RSA' : 'RSASSA-PSS'} ${key.bits}`
    case 'EC':
      return `EC ${key.curve.name}`
    case 'Ed25519':
      return 'Ed25519'
    case 'other':
      return TITLES.get(key.oid) ?? `unknown (${key.oid})`
  }
}
