import {
  contentOf,
  contextConstructed,
  type DerElement,
  EncodingError,
  isNull,
  membersOf,
  readOnly,
  smallInteger,
  TAG,
} from '@latchkey/crypto'
import { type Algorithm, readAlgorithm } from '../read/algorithm.ts'

export type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** How a signature is verified. */
export type Scheme =
  | { readonly kind: 'RSASSA-PKCS1-v1_5'; readonly hash: Hash }
  /** `parameters` as they stand: a key bound to RSASSA-PSS may demand the same. */
  | {
      readonly kind: 'RSA-PSS'
      readonly hash: Hash
      readonly saltLength: number
      readonly parameters: DerElement
    }
  | { readonly kind: 'ECDSA'; readonly hash: Hash }
  | { readonly kind: 'Ed25519' }

/** RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3. */
const PKCS1: ReadonlyMap<string, Hash> = new Map([
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
])
const ECDSA: ReadonlyMap<string, Hash> = new Map([
  ['1.2.840.10045.4.3.2', 'SHA-256'],
  ['1.2.840.10045.4.3.3', 'SHA-384'],
  ['1.2.840.10045.4.3.4', 'SHA-512'],
])
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
const ED25519 = '1.3.101.112'

/** RFC 4055 §2.1. */
const HASHES: ReadonlyMap<string, Hash> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])

/** Algorithms whose hash lets anybody make two certificates with one signature. */
const BROKEN: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'MD2'],
  ['1.2.840.113549.1.1.4', 'MD5'],
  ['1.2.840.113549.1.1.5', 'SHA-1'],
  ['1.3.14.3.2.29', 'SHA-1'],
  ['1.2.840.10045.4.1', 'SHA-1'],
  ['1.2.840.10040.4.3', 'SHA-1'],
])

/** The broken hash that an algorithm rests on. */
export function brokenHashOf({ oid }: Algorithm): string | undefined {
  return BROKEN.get(oid)
}

/** @throws EncodingError where the algorithm is not one of ours, or its parameters are not as they have to be */
export function schemeOf({ oid, parameters }: Algorithm): Scheme {
  const pkcs1 = PKCS1.get(oid)
  if (pkcs1 !== undefined) {
    if (!isNull(parameters)) {
      throw new EncodingError('parameters of the RSA signature are not NULL')
    }
    return { kind: 'RSASSA-PKCS1-v1_5', hash: pkcs1 }
  }
  if (oid === RSA_PSS) return pssOf(parameters)
  const ecdsa = ECDSA.get(oid)
  if (ecdsa === undefined && oid !== ED25519) {
    throw new EncodingError(`signature algorithm ${oid} is not supported`)
  }
  if (parameters !== undefined) throw new EncodingError('signature algorithm has parameters')
  return ecdsa === undefined ? { kind: 'Ed25519' } : { kind: 'ECDSA', hash: ecdsa }
}

/** RFC 4055 §3.1; the defaults are SHA-1 throughout, so each field has to be there. */
function pssOf(parameters: DerElement | undefined): Scheme {
  if (parameters === undefined) throw new EncodingError('RSASSA-PSS has no parameters')
  const [hashing, masking, salt, ...more] = membersOf(parameters, 'RSASSA-PSS parameters')
  const hash = hashOf(explicit(hashing, 0, 'hashAlgorithm'))
  const mask = readAlgorithm(explicit(masking, 1, 'maskGenAlgorithm'), 'maskGenAlgorithm')
  const length = contentOf(explicit(salt, 2, 'saltLength'), TAG.integer, 'saltLength')
  const saltLength = smallInteger(length, 'saltLength')
  // What may be left is the trailer field, which DER leaves out where it has its one value.
  if (more.length > 0) throw new EncodingError('RSASSA-PSS parameters have unknown members')
  if (mask.oid !== MGF1 || mask.parameters === undefined || hashOf(mask.parameters) !== hash) {
    throw new EncodingError('RSASSA-PSS masks with another hash than it signs')
  }
  return { kind: 'RSA-PSS', hash, saltLength, parameters }
}

function explicit(element: DerElement | undefined, number: number, what: string): DerElement {
  return readOnly(contentOf(element, contextConstructed(number), what))
}

function hashOf(element: DerElement): Hash {
  const { oid, parameters } = readAlgorithm(element, 'hash algorithm')
  const hash = HASHES.get(oid)
  if (hash === undefined) throw new EncodingError(`hash algorithm ${oid} is not supported`)
  // RFC 4055 §2.1: NULL or nothing, and both mean the same.
  if (parameters !== undefined && parameters.tag !== TAG.null) {
    throw new EncodingError('hash algorithm has parameters')
  }
  return hash
}
