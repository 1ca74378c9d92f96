import { createHash } from 'node:crypto'
import { Fault } from '@latchkey/core'

const HEADER = '{"latchkey":"ledger","format":1}'

function refused(why: string): Fault {
  return new Fault('invalid_request', `Cannot import: ${why}`)
}

/** Hands on lines, between one that says what they are and one with their number and the SHA-256 of all before it. */
export async function* sealed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const digest = createHash('sha256')
  let count = 0
  digest.update(`${HEADER}\n`)
  yield HEADER
  for await (const line of lines) {
    digest.update(`${line}\n`)
    count += 1
    yield line
  }
  yield JSON.stringify({ end: { lines: count, sha256: digest.digest('hex') } })
}

/**
 * Hands on the lines of `sealed()` without the first and the last; the last one is judged after all others were handed on.
 * @throws Fault invalid_request for something else, and for lines that are not all there or were changed
 */
export async function* unsealed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const digest = createHash('sha256')
  let count = -1
  let end: string | null = null
  for await (const line of lines) {
    if (end !== null) throw refused('the file goes on after its last line')
    if (line.startsWith('{"end":')) {
      end = line
      continue
    }
    if (count === -1 && line !== HEADER)
      throw refused('the file is no export that this program knows')
    digest.update(`${line}\n`)
    if (count >= 0) yield line
    count += 1
  }
  if (end === null) throw refused('the file is cut off')
  const expected = JSON.stringify({ end: { lines: count, sha256: digest.digest('hex') } })
  if (end !== expected) throw refused('the file is not as it was written: its checksum is another')
}
