/** Bytes that are not what the standard says they are, as the end of a sentence; nothing of them is quoted. */
export class EncodingError extends Error {
  override readonly name: string = 'EncodingError'
}
