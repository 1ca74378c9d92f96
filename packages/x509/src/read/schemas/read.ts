import { AsnConvert } from '@peculiar/asn1-schema'
import { type Bytes, EncodingError, requireDer } from '@latchkey/crypto'
import { bytesOf, equalBytes } from '../bytes.ts'
import { certificateLimits } from '../limits.ts'

/**
 * Reads a structure by its published schema. The schemas' parser takes BER, and passes over what it does not expect or
 * cannot make sense of. So the bytes have to be DER throughout before it gets to see them, and count as read only where
 * it writes the very same again: nothing was left out, no default was spelled out, nothing lost on the way.
 * @throws EncodingError
 */
export function readBySchema<T>(der: Bytes, schema: new () => T, what: string): T {
  const limits = certificateLimits(der)
  requireDer(der, limits)
  try {
    const read = AsnConvert.parse(der, schema, {
      berOptions: {
        maxNodes: limits.elements,
        maxContentLength: limits.bytes,
        parseEmbedded: false,
      },
    })
    if (equalBytes(derOf(read), der)) return read
  } catch (cause) {
    throw new EncodingError(`${what} is malformed`, { cause })
  }
  throw new EncodingError(`${what} is not in the form that it has in DER`)
}

/** The bytes of a part of what was read so: the same as they were. */
export function derOf(part: unknown): Bytes {
  return bytesOf(AsnConvert.serialize(part))
}
