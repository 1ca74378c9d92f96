import { basename } from 'node:path'

/** As much of esbuild's metafile as is used here (https://esbuild.github.io/api/#metafile). */
interface Output {
  readonly entryPoint?: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}

export interface BundleRules {
  /** Of the eager files together, after gzip. */
  readonly maxEagerBytes: number
  /** Of all files together, after gzip. */
  readonly maxTotalBytes: number
  /** Packages, built-in modules and folders of ours that may not be there before they are needed. */
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

/** The entry point's file and what it imports before it runs; what it imports later is an entry point of its own. */
function eagerOutputs(outputs: ReadonlyMap<string, Output>): ReadonlyMap<string, Output> {
  const late = new Set(
    [...outputs.values()].flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path),
    ),
  )
  const eager = new Map(
    [...outputs].filter(([path, { entryPoint }]) => entryPoint !== undefined && !late.has(path)),
  )
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
  module === name ||
  module.includes(`/node_modules/${name}`) ||
  (name.startsWith('packages/') && module.includes(name))

/**
 * How large a bundle is and what is wrong with it: no entry point, too large, or with something that is to be loaded late or never.
 * `gzipBytes` tells the size of an output by its file name.
 */
export function inspectBundle(
  metafile: string,
  gzipBytes: (file: string) => number,
  { maxEagerBytes, maxTotalBytes, forbidden }: BundleRules,
): { readonly eager: number; readonly total: number; readonly complaints: readonly string[] } {
  const outputs = outputsOf(metafile)
  const eager = eagerOutputs(outputs)
  if (eager.size === 0) return { eager: 0, total: 0, complaints: ['there is no entry point'] }
  const complaints: string[] = []
  for (const output of eager.values()) {
    const modules = [...Object.keys(output.inputs), ...output.imports.map(({ path }) => path)]
    for (const name of forbidden) {
      const found = modules.find((module) => holds(module, name))
      if (found !== undefined) complaints.push(`'${name}' is eager: ${found}`)
    }
  }
  const bytesOf = (paths: Iterable<string>) =>
    [...paths].reduce((sum, path) => sum + gzipBytes(basename(path)), 0)
  const early = bytesOf(eager.keys())
  const total = bytesOf([...outputs.keys()].filter((path) => path.endsWith('.js')))
  if (early > maxEagerBytes) {
    complaints.push(`${early} bytes before the first answer, at most ${maxEagerBytes}`)
  }
  if (total > maxTotalBytes) complaints.push(`${total} bytes in all, at most ${maxTotalBytes}`)
  return { eager: early, total, complaints }
}
