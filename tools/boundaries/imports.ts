import { posix } from 'node:path'
import { isImportTypeNode, isLiteralTypeNode, type Node } from 'typescript/unstable/ast'
import { descendants, type Source, stringOf } from './source.ts'
import { isIn, isTestSupport, type Violation } from './violation.ts'

/** Folder → what its files may import beside each other; the longest folder counts. `*` at the end is any rest. */
export type ImportTable = Readonly<Record<string, readonly string[]>>

export interface Import {
  readonly specifier: string
  readonly line: number
  /** The file of the repository that a relative specifier names. */
  readonly target: string | undefined
}

/** All imports of a file: static, dynamic, re-exports, types. */
export function importsOf(source: Source): readonly Import[] {
  const types = [...descendants(source.tree)].flatMap((node) =>
    isImportTypeNode(node) && isLiteralTypeNode(node.argument) ? [node.argument.literal] : [],
  )
  return [...new Set<Node>([...source.tree.imports, ...types])].flatMap((node) => {
    const specifier = stringOf(node)
    if (specifier === undefined) return []
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(source.path), specifier))
      : undefined
    return [{ specifier, line: source.lineOf(node), target }]
  })
}

const matches = (specifier: string, pattern: string) =>
  pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : specifier === pattern

/** What a relative import may not leave. Tests and tools are one: the gate reads what the runners write. */
function unitOf(path: string): string {
  const [top = '', name = ''] = path.split('/')
  return top === 'tests' || top === 'tools' ? 'tests' : `${top}/${name}`
}

function whyNot(source: Source, found: Import, table: ImportTable, forTests: readonly string[]) {
  const { specifier, target } = found
  const inTests = isTestSupport(source.path)
  // The version is told there.
  if (target === 'package.json') return undefined
  if (target !== undefined) {
    if (unitOf(target) !== unitOf(source.path)) {
      return 'reaches into another package by a relative path; import it by its name'
    }
    if (!/\.[cm]?ts$|\.json$/.test(target)) return 'has no extension; relative imports carry .ts'
    return !inTests && isTestSupport(target) ? 'is for tests; sources do without' : undefined
  }
  if (!inTests && /^@latchkey\/[^/]+\/(testing|suite)$/.test(specifier)) {
    return 'is for tests; sources do without'
  }
  const folder = Object.keys(table)
    .filter((key) => isIn(source.path, key))
    .toSorted((a, b) => b.length - a.length)[0]
  if (folder === undefined) return 'is in a folder that the table of imports does not know'
  const allowed = [...(table[folder] ?? []), ...(inTests ? forTests : [])]
  if (allowed.some((pattern) => matches(specifier, pattern))) return undefined
  return `is not among what ${folder} may import: ${allowed.join(', ') || 'nothing'}`
}

/** `forTests` is what tests and their support may import anywhere, beside what their folder may. */
export function checkImports(
  sources: readonly Source[],
  table: ImportTable,
  forTests: readonly string[],
): readonly Violation[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((found) => {
      const why = whyNot(source, found, table, forTests)
      if (why === undefined) return []
      const { specifier, line } = found
      return [{ path: source.path, line, rule: 'imports', message: `'${specifier}' ${why}` }]
    }),
  )
}
