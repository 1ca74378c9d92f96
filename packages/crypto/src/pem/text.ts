import type { RepairCode } from './repairs.ts'

export interface NormalText {
  /** Line feeds alone end lines, and nothing is escaped any more. */
  readonly text: string
  readonly repairs: readonly RepairCode[]
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['/', '/'],
  ['"', '"'],
  ["'", "'"],
])

/** What prints as nothing: soft hyphen, the zero-width characters, marks of direction and of byte order. */
const ZERO_WIDTH = /[\u00AD\u180E\u200B-\u200F\u2060\uFEFF]+/g

/** Undoes what editors, shells, JSON and environment files do to a text, in time linear in its length. */
export function normaliseText(text: string): NormalText {
  const repairs: RepairCode[] = []
  const marked = text.startsWith('\uFEFF')
  if (marked) repairs.push('byte_order_mark')
  const unescaped = unescape(marked ? text.slice(1) : text, repairs)
  const plain = unescaped.replaceAll(ZERO_WIDTH, '')
  if (plain !== unescaped) repairs.push('stray_whitespace')
  if (plain.includes('\r\n')) repairs.push('crlf_line_endings')
  const joined = plain.replaceAll('\r\n', '\n')
  if (joined.includes('\r')) repairs.push('cr_line_endings')
  return { text: joined.replaceAll('\r', '\n'), repairs }
}

/** A run of backslashes counts as one: text that went through JSON twice has `\\n`. */
function unescape(text: string, repairs: RepairCode[]): string {
  const pieces: string[] = []
  let done = 0
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', done)) {
    let letter = at
    while (text[letter] === '\\') letter++
    const escape = readEscape(text, letter)
    pieces.push(text.slice(done, escape === null ? letter : at), escape?.value ?? '')
    done = letter + (escape?.length ?? 0)
    if (escape !== null) repairs.push(escape.repair)
  }
  return pieces.join('') + text.slice(done)
}

function readEscape(
  text: string,
  at: number,
): { value: string; length: number; repair: RepairCode } | null {
  const letter = text.charAt(at)
  const unicode = letter === 'u' ? /^[\da-f]{4}/i.exec(text.slice(at + 1, at + 5)) : null
  if (unicode !== null) {
    const value = String.fromCharCode(Number.parseInt(unicode[0], 16))
    return { value, length: 5, repair: 'escaped_characters' }
  }
  const value = ESCAPES.get(letter)
  if (value === undefined) return null
  const breaks = letter === 'n' || letter === 'r'
  return { value, length: 1, repair: breaks ? 'escaped_newlines' : 'escaped_characters' }
}
