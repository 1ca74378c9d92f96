import { stripVTControlCharacters } from 'node:util'
import type { Cell, FilledSuite } from './matrix.ts'
import { type Skip, sum, type Sum, type Tally } from './tally.ts'

const NAME_WIDTH = 18
const NUMBER_WIDTH = 8
const MATRIX_NAME_WIDTH = 22
const CELL_WIDTH = 9
/** Of an error, the first line; the whole is in the output above. */
const LINE_WIDTH = 200

const row = (name: string, ...numbers: readonly (string | number)[]) =>
  name.padEnd(NAME_WIDTH) + numbers.map((number) => String(number).padStart(NUMBER_WIDTH)).join('')

const oneLine = (text: string) =>
  (stripVTControlCharacters(text).split('\n')[0] ?? '').slice(0, LINE_WIDTH)

export const sumLine = ({ passed, failed, skipped }: Sum): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

/** What is skipped in several runtimes for the same reason is told once. */
function skipLines(tallies: readonly Tally[]): readonly string[] {
  const runtimes = new Map<string, { skip: Skip; names: string[] }>()
  for (const { name, skips } of tallies) {
    for (const skip of skips) {
      const key = JSON.stringify(skip)
      const known = runtimes.get(key) ?? { skip, names: [] }
      known.names.push(name)
      runtimes.set(key, known)
    }
  }
  return [...runtimes.values()].map(
    ({ skip, names }) => `  ${oneLine(skip.test)} [${names.join(', ')}]: ${oneLine(skip.reason)}`,
  )
}

const matrixRow = (name: string, cells: readonly string[]) =>
  name.padEnd(MATRIX_NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')

function cellText(cell: Cell): string {
  if (cell.is === 'none') return '–'
  if (cell.is === 'missing') return 'missing'
  if (cell.failed > 0) return `${cell.failed} failed`
  return cell.passed === 0 ? 'skipped' : String(cell.passed)
}

/** What every engine has to pass: how many tests of it did so, on each runtime. */
function matrixLines(suites: readonly FilledSuite[]): readonly string[] {
  return suites.flatMap(({ name, rows }) => [
    '',
    matrixRow(name, [...(rows[0]?.cells.keys() ?? [])]),
    ...rows.map(({ engine, cells }) => matrixRow(`  ${engine}`, [...cells.values()].map(cellText))),
  ])
}

/** The matrix, the table, the failures, the skips with their reasons, and as the last line the sum. */
export function report(tallies: readonly Tally[], matrix: readonly FilledSuite[] = []): string {
  const lines = [...matrixLines(matrix), '', row('', 'passed', 'failed', 'skipped')]
  for (const { name, passed, failed, skipped } of tallies) {
    lines.push(row(name, passed, failed, skipped))
  }
  const failures = tallies.flatMap(({ name, failures: own }) =>
    own.map((failure) => `  [${name}] ${oneLine(failure)}`),
  )
  if (failures.length > 0) lines.push('', 'Failed:', ...failures)
  const skips = skipLines(tallies)
  if (skips.length > 0) lines.push('', 'Skipped, and why:', ...skips)
  return [...lines, '', sumLine(sum(tallies))].join('\n')
}
