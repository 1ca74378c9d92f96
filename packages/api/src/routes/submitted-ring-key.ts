import { Fault, type PublicKey, type Warning } from '@latchkey/core'
import { encodePem, importPublicKey } from '@latchkey/crypto'
import type { PrivateKeyMaterial } from '@latchkey/crypto/private-key'
import type * as z from 'zod'
import type { newKeyBody } from '../schemas/key.ts'

/** A key that somebody hands in for the ring. */
export interface SubmittedRingKey {
  readonly publicKey: PublicKey
  /** PKCS#8 as PEM; null where it was not handed in. */
  readonly privateKey: string | null
  readonly repairs: readonly Warning[]
}

type Given = Exclude<z.output<typeof newKeyBody>, { readonly generate: true }>

/**
 * Reads the key of a request. The public half of a private one is held to what a key that is published is held to.
 * @throws Fault key_invalid, key_is_private
 */
export async function submittedRingKey(given: Given): Promise<SubmittedRingKey> {
  if ('publicKey' in given) {
    const { repairs, ...publicKey } = await importPublicKey(given.publicKey)
    return { publicKey, privateKey: null, repairs }
  }
  const { importPrivateKey } = await import('@latchkey/crypto/private-key')
  const { privateKey, passphrase } = given
  const read = await importPrivateKey(privateKey, passphrase === undefined ? {} : { passphrase })
  if (read.publicKey === null) {
    throw new Fault(
      'key_invalid',
      `Cannot import private key: it is ${nameOf(read)}, expected RSA of 2048 bits`,
    )
  }
  const { repairs: _, ...publicKey } = await importPublicKey(read.publicKey.pem)
  return { publicKey, privateKey: encodePem('PRIVATE KEY', read.pkcs8), repairs: read.repairs }
}

function nameOf({ algorithm }: PrivateKeyMaterial): string {
  switch (algorithm.type) {
    case 'RSA':
      return `RSA of ${algorithm.modulusBits} bits`
    case 'EC':
      return algorithm.curve
    case 'Ed25519':
      return algorithm.type
  }
}
