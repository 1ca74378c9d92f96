import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import { computeLineStarts } from 'typescript/unstable/ast/scanner'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API, type Checker, SymbolFlags } from 'typescript/unstable/sync'

/** One parsed file; `path` is relative to the repository, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly tree: SourceFile
  /** Whether a name in the place of `node` means the global one: no scope around it declares it. */
  readonly isGlobal: (name: string, node: Node) => boolean
  /** Starts with 1. */
  readonly lineOf: (node: Node) => number
}

const ROOT = '/repository'

/**
 * Parses files with the compiler's own parser and hands them to `use`. No library and no import is resolved, so a
 * name without a declaration in its file is a global.
 */
export function withSources<Result>(
  files: ReadonlyMap<string, string>,
  use: (sources: readonly Source[]) => Result,
): Result {
  const absolute = [...files].map(([path, text]) => [`${ROOT}/${path}`, text] as const)
  const project = {
    compilerOptions: { noLib: true, noResolve: true, types: [] },
    files: absolute.map(([path]) => path),
  }
  const config = `${ROOT}/tsconfig.json`
  const api = new API({
    cwd: ROOT,
    fs: createVirtualFileSystem(
      Object.fromEntries([...absolute, [config, JSON.stringify(project)]]),
    ),
  })
  try {
    const program = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (program === undefined)
      throw new Error('Cannot parse sources: the compiler opened no project')
    const sources = [...files].map(([path, text]) => {
      const tree = program.program.getSourceFile(`${ROOT}/${path}`)
      if (tree === undefined) throw new Error(`Cannot parse ${path}: the compiler left it out`)
      return sourceOf(path, text, tree, program.checker)
    })
    return use(sources)
  } finally {
    api.close()
  }
}

function sourceOf(path: string, text: string, tree: SourceFile, checker: Checker): Source {
  const lines = computeLineStarts(text)
  return {
    path,
    text,
    tree,
    isGlobal: (name, node) => {
      const symbol = checker.resolveName(name, SymbolFlags.Value, node)
      // `globalThis` is a symbol that nobody declares.
      return symbol === undefined || symbol.declarations.length === 0
    },
    lineOf: (node) => {
      const start = node.getStart(tree)
      const next = lines.findIndex((line) => line > start)
      return next === -1 ? lines.length : next
    },
  }
}

/** Every node below `node`, in the order of the text. */
export function* descendants(node: Node): Iterable<Node> {
  const children: Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) {
    yield child
    yield* descendants(child)
  }
}

/** The text of a string literal or of a template without holes. */
export function stringOf(node: Node): string | undefined {
  const isString =
    node.kind === SyntaxKind.StringLiteral || node.kind === SyntaxKind.NoSubstitutionTemplateLiteral
  return isString && 'text' in node && typeof node.text === 'string' ? node.text : undefined
}
