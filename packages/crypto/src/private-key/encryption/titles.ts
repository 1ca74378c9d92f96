import { KeyFormatError } from '../../key-format-error.ts'

/** What keys are encrypted with and is not read here: ciphers that were broken, or that runtimes do not have. */
const TITLES: ReadonlyMap<string, string> = new Map([
  // RFC 8018 §A.3
  ['1.2.840.113549.1.5.1', 'pbeWithMD2AndDES-CBC'],
  ['1.2.840.113549.1.5.4', 'pbeWithMD2AndRC2-CBC'],
  ['1.2.840.113549.1.5.6', 'pbeWithMD5AndRC2-CBC'],
  ['1.2.840.113549.1.5.11', 'pbeWithSHA1AndRC2-CBC'],
  // RFC 7292 §C
  ['1.2.840.113549.1.12.1.1', 'pbeWithSHAAnd128BitRC4'],
  ['1.2.840.113549.1.12.1.2', 'pbeWithSHAAnd40BitRC4'],
  ['1.2.840.113549.1.12.1.5', 'pbeWithSHAAnd128BitRC2-CBC'],
  ['1.2.840.113549.1.12.1.6', 'pbeWithSHAAnd40BitRC2-CBC'],
  // RFC 8018 §B.1
  ['1.2.840.113549.2.6', 'HMAC with MD5'],
  ['1.2.840.113549.2.12', 'HMAC with SHA-512/224'],
  // RFC 8018 §B.2, RFC 3565 and RFC 5084, RFC 3657, RFC 4269, RFC 5794, GM/T 0006
  ['1.2.840.113549.3.2', 'RC2-CBC'],
  ['1.2.840.113549.3.9', 'RC5-CBC'],
  ['2.16.840.1.101.3.4.1.4', 'AES-128-CFB'],
  ['2.16.840.1.101.3.4.1.24', 'AES-192-CFB'],
  ['2.16.840.1.101.3.4.1.44', 'AES-256-CFB'],
  ['2.16.840.1.101.3.4.1.6', 'AES-128-GCM'],
  ['2.16.840.1.101.3.4.1.26', 'AES-192-GCM'],
  ['2.16.840.1.101.3.4.1.46', 'AES-256-GCM'],
  ['1.3.6.1.4.1.3029.1.2', 'Blowfish-CBC'],
  ['1.2.392.200011.61.1.1.1.2', 'Camellia-128-CBC'],
  ['1.2.392.200011.61.1.1.1.3', 'Camellia-192-CBC'],
  ['1.2.392.200011.61.1.1.1.4', 'Camellia-256-CBC'],
  ['1.2.410.200004.1.4', 'SEED-CBC'],
  ['1.2.410.200046.1.1.2', 'ARIA-128-CBC'],
  ['1.2.410.200046.1.1.7', 'ARIA-192-CBC'],
  ['1.2.410.200046.1.1.12', 'ARIA-256-CBC'],
  ['1.2.156.10197.1.104.2', 'SM4-CBC'],
])

/** The error about a scheme, or a part of one (`what`), that is named by an object identifier. */
export function unsupported(what: string, oid: string): KeyFormatError {
  return unsupportedTitle(what, TITLES.get(oid))
}

export function unsupportedTitle(what: string, title: string | undefined): KeyFormatError {
  if (title === undefined) return new KeyFormatError(`its ${what} is unknown`)
  return new KeyFormatError(`its ${what} is ${title}, which is not supported`)
}
