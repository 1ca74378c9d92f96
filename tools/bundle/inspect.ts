import type { BuiltModule, Manifest } from './manifest.ts'

export interface BundleRules {
  /** Of the entry, what a key is read and published with, and what is loaded with them, after gzip. */
  readonly maxEagerBytes: number
  /** Of everything together, after gzip. */
  readonly maxTotalBytes: number
  /** Packages, folders, files and built-in modules that may not be loaded before they are needed. */
  readonly forbidden: readonly string[]
  /** The same of the entry alone. */
  readonly forbiddenAtOnce: readonly string[]
  /** The built-in modules that may be asked for, early or late. */
  readonly builtIn: readonly string[]
  /** Of each of these folders, the files and folders that alone may be. */
  readonly early: Readonly<Record<string, readonly string[]>>
}

/** Bytes after gzip, by module. */
export type Sizes = ReadonlyMap<string, number>

export interface BundleReport {
  readonly eager: Sizes
  readonly lazy: Sizes
  readonly complaints: readonly string[]
}

const ENTRY = 'worker.js'
const KEY = 'key.js'

/**
 * What a bundle weighs and what is wrong with it: too large, with something that is to be loaded late or never, or not
 * uploaded as it was built.
 */
export function inspectBundle(
  manifest: Manifest,
  uploaded: Sizes,
  { maxEagerBytes, maxTotalBytes, forbidden, forbiddenAtOnce, builtIn, early }: BundleRules,
): BundleReport {
  const names = loadedWith([ENTRY, KEY], manifest)
  const eager = new Map([...uploaded].filter(([name]) => names.has(name)))
  const lazy = new Map([...uploaded].filter(([name]) => !names.has(name)))
  const missing = [...manifest.keys()].filter((name) => !uploaded.has(name))
  const unknown = [...lazy.keys()].filter((name) => !manifest.has(name))
  return {
    eager,
    lazy,
    complaints: [
      ...[ENTRY, KEY].flatMap((name) => (manifest.has(name) ? [] : [`${name} is not built`])),
      ...missing.map((name) => `${name} is built and not uploaded`),
      ...unknown.map((name) => `${name} is uploaded and not built`),
      ...[...loadedWith([ENTRY], manifest)].flatMap((name) =>
        forbiddenIn(name, manifest, forbiddenAtOnce),
      ),
      ...[...names].flatMap((name) => [
        ...forbiddenIn(name, manifest, forbidden),
        ...tooEarlyIn(name, manifest, early),
      ]),
      ...[...manifest].flatMap(([name, module]) => [
        ...unknownBuiltIns(name, module, builtIn),
        ...roundTrips(name, module, manifest),
      ]),
      ...tooLarge('the eager part', eager, maxEagerBytes),
      ...tooLarge('the upload', uploaded, maxTotalBytes),
    ],
  }
}

/** These and what they import before they run; what they import later is not. */
function loadedWith(entries: readonly string[], manifest: Manifest): ReadonlySet<string> {
  const loaded = new Set(entries)
  for (const name of loaded) {
    for (const imported of manifest.get(name)?.imports ?? []) {
      // What is added to a set while it is walked is walked too.
      if (manifest.has(imported)) loaded.add(imported)
    }
  }
  return loaded
}

function forbiddenIn(
  name: string,
  manifest: Manifest,
  forbidden: readonly string[],
): readonly string[] {
  const { imports = [], sources = [] } = manifest.get(name) ?? {}
  return forbidden.flatMap((what) => {
    const found = [...sources, ...imports].find((each) => isOf(each, what))
    return found === undefined ? [] : [`'${what}' is eager, in ${name}: ${found}`]
  })
}

function tooEarlyIn(
  name: string,
  manifest: Manifest,
  early: BundleRules['early'],
): readonly string[] {
  const { sources = [] } = manifest.get(name) ?? {}
  return Object.entries(early).flatMap(([folder, taken]) =>
    sources
      .filter((source) => source.startsWith(folder))
      .filter((source) => !taken.some((what) => source.startsWith(folder + what)))
      .map((source) => `${source} is eager, in ${name}: of ${folder} few files may be`),
  )
}

/** What a module asks for that is neither built with it nor known to be there. */
function unknownBuiltIns(
  name: string,
  { imports, lazyImports }: BuiltModule,
  builtIn: readonly string[],
): readonly string[] {
  return [...imports, ...lazyImports]
    .filter((imported) => imported.includes(':') && !builtIn.includes(imported))
    .map((imported) => `${name} asks for ${imported}, which workerd may lack`)
}

/** Of two that load each other one runs first, without anything of the other: no function of a late one is there yet. */
function roundTrips(name: string, { imports }: BuiltModule, manifest: Manifest): readonly string[] {
  return loadedWith(imports, manifest).has(name) ? [`${name} is loaded by what it loads`] : []
}

const isOf = (module: string, what: string) =>
  module.startsWith(what) || module.includes(`/node_modules/${what}`)

export const bytesOf = (sizes: Sizes) => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)

function tooLarge(what: string, sizes: Sizes, max: number): readonly string[] {
  const bytes = bytesOf(sizes)
  return bytes > max ? [`${what} has ${bytes} bytes after gzip, at most ${max}`] : []
}
