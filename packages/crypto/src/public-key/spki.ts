import type { Fingerprint, PublicKey } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { sha256Hex } from '../digest.ts'
import { findBlocks } from '../pem/blocks.ts'
import { decodeBody } from '../pem/body.ts'

/** The fingerprint of a DER SubjectPublicKeyInfo: `sha256:` and 64 characters of lower-case hex. */
export async function fingerprintOf(spki: Bytes): Promise<Fingerprint> {
  return `sha256:${await sha256Hex(spki)}`
}

/** The DER SubjectPublicKeyInfo of a key that was imported. */
export function spkiOf({ pem }: PublicKey): Bytes {
  const [body = ''] = findBlocks(pem).map((block) => block.body)
  return decodeBody(body).bytes
}
