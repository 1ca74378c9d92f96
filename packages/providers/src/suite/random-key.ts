import type { PublicKey } from '@latchkey/core'
import { encodePem, fromBase64, readPublicKey } from '@latchkey/crypto'
import { FIXTURE_PEM } from '../shared/fixture-key.ts'
import type { Generator } from './generate.ts'

/** Where the modulus of an RSA key of 2048 bits stands in its SubjectPublicKeyInfo, behind its sign. */
const MODULUS_AT = 33
const MODULUS_BYTES = 256

/** A key that nobody has: the fixture's with another modulus, odd and as long. */
export async function randomKey(generate: Generator): Promise<PublicKey> {
  const spki = fromBase64(FIXTURE_PEM.replaceAll(/-----[^-]*-----|\s/g, ''))
  if (spki === null) throw new Error('Cannot read the fixture’s key')
  // Not the first byte, whose high bit makes its length, nor the last, which makes it odd.
  for (let at = 1; at < MODULUS_BYTES - 1; at += 1) spki[MODULUS_AT + at] = generate.below(256)
  const key = await readPublicKey(encodePem('PUBLIC KEY', spki))
  return key ?? randomKey(generate)
}
