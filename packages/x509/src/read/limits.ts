import type { Bytes, DerLimits } from '@latchkey/crypto'

/** With some thousand names, which is more than anybody certifies; what it costs to read grows with the size. */
export const MAX_CERTIFICATE_BYTES = 262_144

/** Honest ones have more to an element as soon as there are many; a flood of empty elements has two. */
const BYTES_PER_ELEMENT = 3

/** What is too small to be a flood. */
const MIN_ELEMENTS = 256

/** A certificate, or what is part of one, costs about as much to read as it is long. */
export function certificateLimits({ length }: Bytes): DerLimits {
  const elements = Math.max(MIN_ELEMENTS, Math.floor(length / BYTES_PER_ELEMENT))
  return { bytes: MAX_CERTIFICATE_BYTES, elements }
}
