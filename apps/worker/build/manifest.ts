import { relative } from 'node:path'
import type { OutputChunk, Plugin } from 'rolldown'

/** What `manifest.json` tells of a module of the Worker, by its file's name. */
interface BuiltModule {
  /** The modules, built-in ones too, that are loaded with it. */
  readonly imports: readonly string[]
  /** Those that are loaded when it asks for them. */
  readonly lazyImports: readonly string[]
  /** The files that it is made of, as paths from the root of the repository. */
  readonly sources: readonly string[]
}

/** A built-in module that is asked for without an `import()`, which would be too late in a transaction. */
const BUILT_IN = /\.getBuiltinModule\(["'`](node:[\w/]+)/g

/** Writes down what became of which file, for the check of the bundle. */
export function manifest(root: string): Plugin {
  const describe = (chunk: OutputChunk): BuiltModule => ({
    imports: chunk.imports,
    lazyImports: [...chunk.dynamicImports, ...builtInsOf(chunk)],
    sources: chunk.moduleIds.map((id) => relative(root, id)),
  })
  return {
    name: 'manifest',
    generateBundle(_options, files) {
      const modules = Object.values(files).flatMap((file) =>
        file.type === 'chunk' ? [[file.fileName, describe(file)] as const] : [],
      )
      const source = JSON.stringify(Object.fromEntries(modules), null, 2)
      this.emitFile({ type: 'asset', fileName: 'manifest.json', source })
    },
  }
}

function builtInsOf({ code }: OutputChunk): readonly string[] {
  return [...code.matchAll(BUILT_IN)].map(([, name = '']) => name)
}
