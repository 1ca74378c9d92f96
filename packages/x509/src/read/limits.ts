import type { Bytes, DerLimits } from '@latchkey/crypto'

/**
 * Room for five thousand names; what it costs to read grows with the size. OpenSSL takes no more than 100 KiB of
 * certificates from a peer.
 */
export const MAX_CERTIFICATE_BYTES = 131_072

/** Honest ones have more to an element as soon as there are many; a flood of empty elements has two. */
const BYTES_PER_ELEMENT = 3

/** What is too small to be a flood. */
const MIN_ELEMENTS = 256

/** A certificate, or what is part of one, costs about as much to read as it is long. */
export function certificateLimits({ length }: Bytes): DerLimits {
  const elements = Math.max(MIN_ELEMENTS, Math.floor(length / BYTES_PER_ELEMENT))
  return { bytes: MAX_CERTIFICATE_BYTES, elements }
}
