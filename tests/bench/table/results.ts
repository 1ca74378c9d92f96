import { markdownTable } from './render.ts'
import type { Row } from './row.ts'

/** Where and when rows were measured: machine, versions, date. */
export type Circumstances = string

const INTRODUCTION = `# Results

Written by \`pnpm bench\`. What a ratio compares was measured in turns, within the same minutes on the same machine;
a figure by itself says little of another machine. \`pnpm bench --check\` measures again, writes nothing, and
fails where a row misses its bound; one that is short has an aim beyond its bound, and has not reached it.
`

/** What a file of results says of each benchmark, by name, heading included. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^(?=## )/m).slice(1)
  return new Map(sections.map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trim()]))
}

function sectionFor(name: string, rows: readonly Row[], circumstances: Circumstances): string {
  return `## ${name}\n\n${circumstances}\n\n${markdownTable(rows)}`
}

/**
 * The file of results with what was measured now. Benchmarks that were not run stay as they were, those that there are
 * no more are left out.
 */
export function renderResults(
  before: string,
  names: readonly string[],
  measured: ReadonlyMap<string, readonly Row[]>,
  circumstances: Circumstances,
): string {
  const known = sectionsOf(before)
  const sections = names.flatMap((name) => {
    const rows = measured.get(name)
    const section = rows === undefined ? known.get(name) : sectionFor(name, rows, circumstances)
    return section === undefined ? [] : [section]
  })
  return `${[INTRODUCTION.trim(), ...sections].join('\n\n')}\n`
}
