import type { Fingerprint } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { sha256Hex } from '../digest.ts'

/** The fingerprint of a DER SubjectPublicKeyInfo: `sha256:` and 64 characters of lower-case hex. */
export async function fingerprintOf(spki: Bytes): Promise<Fingerprint> {
  return `sha256:${await sha256Hex(spki)}`
}
