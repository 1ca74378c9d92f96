/** Bytes that are not what the standard says they are; the reader of the whole turns it into a finding. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError'
}
