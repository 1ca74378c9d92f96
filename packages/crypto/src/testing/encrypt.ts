import { toOctets } from '../big-integer.ts'
import type { Bytes } from '../bytes.ts'
import { TAG } from '../der/element.ts'
import { element, integer } from '../der/write.ts'
import { encodePem } from '../pem/write.ts'
import { derivePbkdf2 } from '../private-key/encryption/derivation.ts'
import { toUtf8 } from '../encoding.ts'

/** What a forger writes into PBES2; each is right where it is not told. */
export interface Forgery {
  readonly scheme?: string
  readonly derivation?: string
  readonly digest?: string
  readonly cipher?: string
  readonly iterations?: Bytes
  readonly salt?: Bytes
  readonly keyBytes?: bigint
  readonly iv?: Bytes
  readonly ciphertext?: Bytes
}

const PBES2 = '2a864886f70d01050d'
const PBKDF2 = '2a864886f70d01050c'
const SCRYPT = '2b06010401da47040b'
const HMAC_SHA256 = '2a864886f70d0209'
const AES_128_CBC = '608648016503040102'

export const oid = (hex: string): Bytes =>
  element(TAG.objectIdentifier, toOctets(BigInt(`0x${hex}`), hex.length / 2))
const octets = (bytes: Bytes): Bytes => element(TAG.octetString, bytes)
const sequence = (...parts: readonly Bytes[]): Bytes => element(TAG.sequence, ...parts)

/** Encrypts whatever it is with PBES2, one iteration and AES-128-CBC, and forges what is told. */
export async function encrypted(
  plaintext: Bytes,
  passphrase: string,
  forged: Forgery = {},
): Promise<Bytes> {
  const { salt = new Uint8Array(8), iv = new Uint8Array(16) } = forged
  const stretching = { salt, iterations: 1, digest: 'sha256' }
  const raw = await derivePbkdf2(toUtf8(passphrase), stretching, 16)
  const key = await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt'])
  const cbc = { name: 'AES-CBC', iv: new Uint8Array(16) }
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(cbc, key, plaintext))
  const pbkdf2 = sequence(
    octets(salt),
    element(TAG.integer, forged.iterations ?? Uint8Array.of(1)),
    ...(forged.keyBytes === undefined ? [] : [integer(toOctets(forged.keyBytes))]),
    sequence(oid(forged.digest ?? HMAC_SHA256), element(TAG.null)),
  )
  const parameters = sequence(
    sequence(oid(forged.derivation ?? PBKDF2), pbkdf2),
    sequence(oid(forged.cipher ?? AES_128_CBC), octets(iv)),
  )
  return sequence(
    sequence(oid(forged.scheme ?? PBES2), parameters),
    octets(forged.ciphertext ?? ciphertext),
  )
}

/** PBES2 with scrypt of this cost, and nothing in it that anybody could open. */
export function scryptPem(...cost: readonly bigint[]): string {
  const scrypt = sequence(
    octets(new Uint8Array(8)),
    ...cost.map((value) => integer(toOctets(value))),
  )
  const parameters = sequence(
    sequence(oid(SCRYPT), scrypt),
    sequence(oid(AES_128_CBC), octets(new Uint8Array(16))),
  )
  const der = sequence(sequence(oid(PBES2), parameters), octets(new Uint8Array(16)))
  return encodePem('ENCRYPTED PRIVATE KEY', der)
}

export async function encryptedPem(...input: Parameters<typeof encrypted>): Promise<string> {
  return encodePem('ENCRYPTED PRIVATE KEY', await encrypted(...input))
}
