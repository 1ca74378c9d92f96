import { type Bytes, EncodingError } from '@latchkey/crypto'
import type { Key } from '../key/key.ts'
import type { Algorithm } from '../read/algorithm.ts'
import { type Scheme, schemeOf } from './scheme.ts'
import { verifySignature } from './verify.ts'

/** A certificate or CRL as far as its signature goes. */
export interface Signed {
  readonly tbs: Bytes
  readonly signatureAlgorithm: Algorithm
  readonly signature: Bytes
}

/** Null where it is signed by a broken algorithm or one that is not supported. */
export function signatureSchemeOf({ signatureAlgorithm }: Signed): Scheme | null {
  try {
    return schemeOf(signatureAlgorithm)
  } catch (error) {
    if (error instanceof EncodingError) return null
    throw error
  }
}

/** What cannot be verified is not signed. */
export async function isSignedBy(signed: Signed, key: Key | null): Promise<boolean> {
  const scheme = signatureSchemeOf(signed)
  if (scheme === null || key === null) return false
  return verifySignature(scheme, key, signed.signature, signed.tbs)
}
