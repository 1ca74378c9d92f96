import { EncodingError } from '@latchkey/crypto'
import type { Algorithm } from '../read/algorithm.ts'
import { brokenHashOf, schemeOf } from './scheme.ts'

/** How something was signed, in words; the OID where it is an algorithm that is not accepted. */
export function signatureTitle(algorithm: Algorithm): string {
  const broken = brokenHashOf(algorithm)
  if (broken !== undefined) return `${broken} (broken)`
  try {
    const scheme = schemeOf(algorithm)
    return scheme.kind === 'Ed25519' ? 'Ed25519' : `${scheme.kind} ${scheme.hash}`
  } catch (error) {
    if (error instanceof EncodingError) return algorithm.oid
    throw error
  }
}
