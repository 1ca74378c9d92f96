import { type Bytes, EncodingError } from '@latchkey/crypto'
import { readBySchema } from './read.ts'

/** Reads a list that may not be empty (SIZE (1..MAX)), as an array like any other. @throws EncodingError */
export function readList<T>(value: Bytes, schema: new () => T[], what: string): readonly T[] {
  // The schemas' arrays are of classes of their own, and so would be what is made of them.
  const list = [...readBySchema(value, schema, what)]
  if (list.length === 0) throw new EncodingError(`${what} is empty`)
  return list
}
