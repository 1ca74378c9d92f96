import { judge } from './judge.ts'
import type { Row } from './row.ts'

/** Three digits that count, and no fraction from a hundred on. */
export function figure(value: number, unit: Row['unit']): string {
  const size = Math.abs(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3
  const number = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`
}

function boundOf({ bound, aim, direction, unit }: Row): string {
  if (bound === null) return '–'
  const told = `${direction} ${figure(bound, unit)}`
  return aim === undefined ? told : `${told}; aim ${figure(aim, unit)}`
}

const HEAD = ['row', 'what', 'measured', 'bound', 'verdict'] as const

function cellsOf(row: Row): readonly string[] {
  return [row.id, row.what, figure(row.value, row.unit), boundOf(row), judge(row)]
}

/** Rows as a table of Markdown, its columns aligned as the formatter would. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  )
  const [head = '', ...body] = lines.map((cells) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    return `| ${padded.join(' | ')} |`
  })
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [head, rule, ...body].join('\n')
}

/** Rows as they are told while benchmarks run. */
export function plainLines(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => {
    const [id = '', what = '', measured = '', bound = '', verdict = ''] = cellsOf(row)
    return `${verdict.padEnd(7)}${id.padEnd(34)}${measured.padStart(14)}  (${bound})  ${what}`
  })
}
