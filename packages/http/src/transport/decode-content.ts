import { type Duplex, pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { TransportFailure } from './transport.ts'

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip, // RFC 9110 §8.4.1.3
}

/**
 * Undoes `Content-Encoding` (RFC 9110 §8.4). We ask for `identity`; an upstream that compresses nevertheless is
 * understood, and what it decodes to counts against the size cap chunk by chunk.
 * @throws TransportFailure malformed
 */
export function decodeContent(
  incoming: AsyncIterable<Uint8Array>,
  encoding: string | null,
): AsyncIterable<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return incoming
  const decoder = DECODERS[name]?.()
  if (decoder === undefined) {
    throw new TransportFailure('malformed', 'the answer has an unknown content encoding', {
      sent: true,
    })
  }
  // Whoever iterates the decoder meets the error of either end; here there is nobody else to tell.
  return pipeline(Readable.from(incoming), decoder, () => {})
}
