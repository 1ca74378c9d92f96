import type { RepairCode } from './repairs.ts'

/** Header names in lower case, each with its value. */
export type PemHeaders = ReadonlyMap<string, string>

/** A block's body with its headers taken off, which leave their line break. */
export interface HeadedLines {
  readonly headers: PemHeaders
  readonly lines: readonly string[]
  readonly repairs: readonly RepairCode[]
}

/** RFC 1421 §4.4: `Name: value` lines before the content, as legacy encryption and some exports write. */
export function takeHeaders(lines: readonly string[]): HeadedLines {
  const content = lines.findIndex((line) => line.trim() !== '' && !line.includes(':'))
  const before = lines.slice(0, Math.max(content, 0)).filter((line) => line.includes(':'))
  if (before.length === 0) return { headers: new Map(), lines, repairs: [] }
  return {
    headers: new Map(before.map(readHeader)),
    lines: ['', ...lines.slice(content)],
    repairs: ['block_headers'],
  }
}

function readHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
}
