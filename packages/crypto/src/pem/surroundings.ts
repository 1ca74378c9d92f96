import type { PemBlock } from './blocks.ts'
import type { RepairCode } from './repairs.ts'

const QUOTES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['\u201C', '\u201D'],
  ['\u2018', '\u2019'],
])

/** Names what stands around and between the blocks of a text and is left out. */
export function surroundingRepairs(
  text: string,
  blocks: readonly PemBlock[],
): readonly RepairCode[] {
  const starts = blocks.map((block) => block.start)
  const ends = blocks.map((block) => block.end)
  const gaps = [...starts, text.length].map((start, index) =>
    text.slice(ends[index - 1] ?? 0, start),
  )
  const { outside, quoted } = dropQuotes(gaps)
  const repairs: RepairCode[] = quoted ? ['surrounding_quotes'] : []
  if (outside.some((gap) => gap.trim() !== '')) return [...repairs, 'surrounding_text']
  const [before, ...after] = outside
  const tidy = before === '' && after.every((gap) => gap.length <= 1)
  return tidy ? repairs : [...repairs, 'stray_whitespace']
}

function dropQuotes(gaps: readonly string[]): { outside: readonly string[]; quoted: boolean } {
  const before = gaps[0]?.trimEnd() ?? ''
  const after = gaps.at(-1)?.trimStart() ?? ''
  const closing = QUOTES.get(before.at(-1) ?? '')
  if (closing === undefined || !after.startsWith(closing)) return { outside: gaps, quoted: false }
  return { outside: [before.slice(0, -1), ...gaps.slice(1, -1), after.slice(1)], quoted: true }
}
