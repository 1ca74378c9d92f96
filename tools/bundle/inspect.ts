import { basename } from 'node:path'

/** As much of esbuild's metafile as is used here (https://esbuild.github.io/api/#metafile). */
interface Output {
  readonly entryPoint?: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}

export interface BundleRules {
  /** Of the eager files together, after gzip. */
  readonly maxGzipBytes: number
  /** Packages and built-in modules that may not be there before they are needed. */
  readonly forbidden: readonly string[]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isImport = (value: unknown): value is Output['imports'][number] =>
  isRecord(value) && typeof value['path'] === 'string' && typeof value['kind'] === 'string'

const isOutput = (value: unknown): value is Output =>
  isRecord(value) &&
  isRecord(value['inputs']) &&
  Array.isArray(value['imports']) &&
  value['imports'].every(isImport)

function outputsOf(metafile: string): ReadonlyMap<string, Output> {
  const value: unknown = JSON.parse(metafile)
  const outputs = isRecord(value) ? value['outputs'] : undefined
  if (!isRecord(outputs)) throw new Error('Cannot read metafile: it lists no outputs')
  return new Map(
    Object.entries(outputs).flatMap(([path, output]) => (isOutput(output) ? [[path, output]] : [])),
  )
}

/** The entry point's file and what it imports before it runs; what it imports later is not eager. */
function eagerOutputs(outputs: ReadonlyMap<string, Output>): ReadonlyMap<string, Output> {
  const eager = new Map([...outputs].filter(([, output]) => output.entryPoint !== undefined))
  for (const output of eager.values()) {
    for (const { path, kind } of output.imports) {
      const imported = outputs.get(path)
      // What is added to a map while it is walked is walked too.
      if (imported !== undefined && kind === 'import-statement') eager.set(path, imported)
    }
  }
  return eager
}

const holds = (module: string, name: string) =>
  module === name || module.includes(`/node_modules/${name}`)

/**
 * What is wrong with a bundle: no entry point, too large, or with something that is to be loaded late or never.
 * `gzipBytes` tells the size of an output by its file name.
 */
export function inspectBundle(
  metafile: string,
  gzipBytes: (file: string) => number,
  { maxGzipBytes, forbidden }: BundleRules,
): { readonly bytes: number; readonly complaints: readonly string[] } {
  const eager = eagerOutputs(outputsOf(metafile))
  if (eager.size === 0) return { bytes: 0, complaints: ['there is no entry point'] }
  const complaints: string[] = []
  for (const output of eager.values()) {
    const modules = [...Object.keys(output.inputs), ...output.imports.map(({ path }) => path)]
    for (const name of forbidden) {
      const found = modules.find((module) => holds(module, name))
      if (found !== undefined) complaints.push(`'${name}' is eager: ${found}`)
    }
  }
  const bytes = [...eager.keys()].reduce((total, path) => total + gzipBytes(basename(path)), 0)
  if (bytes > maxGzipBytes) complaints.push(`${bytes} bytes after gzip, at most ${maxGzipBytes}`)
  return { bytes, complaints }
}
