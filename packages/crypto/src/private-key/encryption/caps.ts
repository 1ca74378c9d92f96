import { toBigInt } from '../../big-integer.ts'
import type { DerElement } from '../../der/element.ts'
import { positiveInteger } from '../../der/values.ts'
import { KeyFormatError } from '../../key-format-error.ts'

/** Cloudflare Workers derive no key with more (workerd, limit-enforcer.h); workerd on its own does. */
export const MAX_PBKDF2_ITERATIONS = 100_000

/** PBES1 hashes one by one, and nothing else runs meanwhile; OpenSSL writes 2048. */
export const MAX_PBES1_ITERATIONS = 10_000

/** N·r·p as `openssl pkcs8 -scrypt` has it: 16 MiB. */
export const MAX_SCRYPT_COST = 16_384 * 8

/** Beyond, the working space adds up to more than the 32 MiB that Node and OpenSSL take. */
export const MAX_SCRYPT_BLOCK_SIZE = 32

/**
 * @param why the cap is what it is, as the end of a sentence
 * @throws KeyFormatError where a passphrase costs more than a request may
 */
export function readIterations(element: DerElement | undefined, most: number, why: string): number {
  const iterations = readCount(element, 'iteration count')
  if (iterations > most) {
    throw new KeyFormatError(`its iteration count is above ${most}, the most that ${why}`)
  }
  return iterations
}

/** A positive INTEGER; one that a number cannot hold exactly is above every cap all the same. */
export function readCount(element: DerElement | undefined, what: string): number {
  return Number(toBigInt(positiveInteger(element, what)))
}
