import { toBigInt } from '../../big-integer.ts'
import type { DerElement } from '../../der/element.ts'
import { positiveInteger } from '../../der/values.ts'
import { KeyFormatError } from '../../key-format-error.ts'

/** Cloudflare Workers derive no key with more (https://developers.cloudflare.com/workers/runtime-apis/web-crypto/). */
export const MAX_ITERATIONS = 100_000

/** N·r·p as `openssl pkcs8 -scrypt` has it: 16 MiB. Node takes no more than 32 in all. */
export const MAX_SCRYPT_COST = 16_384 * 8

/** @throws KeyFormatError where a passphrase costs more than a request may */
export function readIterations(element: DerElement | undefined): number {
  const iterations = readCount(element, 'iteration count')
  if (iterations > MAX_ITERATIONS) {
    throw new KeyFormatError(
      `its iteration count is above ${MAX_ITERATIONS}, the most that Cloudflare Workers allow`,
    )
  }
  return iterations
}

/** A positive INTEGER; one that a number cannot hold exactly is above every cap all the same. */
export function readCount(element: DerElement | undefined, what: string): number {
  return Number(toBigInt(positiveInteger(element, what)))
}
