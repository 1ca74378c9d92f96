/** As much as is used here of what the Worker's build tells of a module (`apps/worker/build/manifest.ts`). */
export interface BuiltModule {
  /** The modules, built-in ones too, that are loaded with it. */
  readonly imports: readonly string[]
  /** Those that are loaded when it asks for them. */
  readonly lazyImports: readonly string[]
  /** The files that it is made of, as paths from the root of the repository. */
  readonly sources: readonly string[]
}

export type Manifest = ReadonlyMap<string, BuiltModule>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** The modules by their files' names. @throws Error where the text is no manifest */
export function parseManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text)
  if (!isRecord(value)) throw new Error('Cannot read manifest: it is no object')
  return new Map(
    Object.entries(value).map(([name, module]) => {
      const { imports, lazyImports, sources } = isRecord(module) ? module : {}
      if (!isTexts(imports) || !isTexts(lazyImports) || !isTexts(sources)) {
        throw new Error(`Cannot read manifest: "${name}" is not as the build describes a module`)
      }
      return [name, { imports, lazyImports, sources }]
    }),
  )
}
