import { EncodingError } from '@latchkey/crypto'
import { error, type Remark } from '../../findings.ts'
import { type Key, type RsaKey } from '../../key/key.ts'
import { isAffordable, MAX_EXPONENT_BITS, MAX_RSA_BITS } from '../../key/limits.ts'
import { keyTitle } from '../../key/title.ts'
import { brokenHashOf, type Scheme, schemeOf } from '../../signature/scheme.ts'
import type { Profile } from '../../rules.ts'
import type { Place } from '../place.ts'

/** CABF BR §6.1.5. */
const MIN_RSA_BITS = 2048

export function* checkKey({ key, rules }: Place): Iterable<Remark> {
  if (key === null) {
    yield error('key_malformed', 'The public key is malformed')
  } else if (key.kind === 'RSA') {
    yield* checkRsa(key, rules.profile)
  } else if (key.kind === 'other' || (key.kind === 'Ed25519' && rules.profile === 'webpki')) {
    yield unsupported(key)
  }
}

function* checkRsa(key: RsaKey, profile: Profile): Iterable<Remark> {
  const { bits, exponent, pss } = key
  // CABF BR §7.1.3.1.1 has rsaEncryption alone.
  if (profile === 'webpki' && pss !== undefined) yield unsupported(key)
  if (bits < MIN_RSA_BITS) {
    yield error('key_too_weak', `The RSA key has ${bits} bits, expected at least ${MIN_RSA_BITS}`)
  }
  if (!isAffordable(key)) {
    const message = `The RSA key or its exponent is larger than ${MAX_RSA_BITS} or ${MAX_EXPONENT_BITS} bits`
    yield error('key_unsupported', message)
  }
  if (profile === 'webpki' && bits % 8 !== 0) {
    yield error('key_too_weak', `The RSA key has ${bits} bits, expected a multiple of 8`)
  }
  if (((exponent.at(-1) ?? 0) & 1) === 0 || (exponent.length === 1 && exponent[0] === 1)) {
    yield error('key_too_weak', 'The exponent of the RSA key is not an odd number above 2')
  }
}

function unsupported(key: Key): Remark {
  return error('key_unsupported', `A key of type ${keyTitle(key)} is not accepted`)
}

/** What is signed with; an anchor's own signature is nothing that trust in it rests on. */
export function* checkSignatureAlgorithm({ certificate, role, rules }: Place): Iterable<Remark> {
  if (role === 'anchor') return
  const broken = brokenHashOf(certificate.signatureAlgorithm)
  if (broken !== undefined) {
    yield error('signature_algorithm_weak', `The signature rests on ${broken}`)
    return
  }
  try {
    const scheme = schemeOf(certificate.signatureAlgorithm)
    if (rules.profile === 'webpki') yield* checkScheme(scheme)
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    yield error(
      'signature_algorithm_unsupported',
      `The signature is not accepted: ${cause.message}`,
    )
  }
}

const HASH_OCTETS = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 } as const

/** CABF BR §7.1.3.2.1. */
function* checkScheme(scheme: Scheme): Iterable<Remark> {
  if (scheme.kind === 'Ed25519') {
    yield error('signature_algorithm_unsupported', 'Signatures by Ed25519 are not accepted')
  }
  if (scheme.kind === 'RSA-PSS' && scheme.saltLength !== HASH_OCTETS[scheme.hash]) {
    const message = 'The salt of the RSASSA-PSS signature is not as long as its hash'
    yield error('signature_algorithm_unsupported', message)
  }
}
