import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, watch } from 'rolldown'
import { lateBodies } from './late-bodies.ts'
import { manifest } from './manifest.ts'

const WORKER = fileURLToPath(new URL('../', import.meta.url))
const ROOT = join(WORKER, '../../')
/** Where the Worker's configuration looks for it. */
const DIST = join(WORKER, 'dist')

/**
 * Bundles the Worker into modules: those that every request needs, and those that are loaded when something first asks
 * for them. wrangler's own bundling would make one of all, and esbuild's splitting keeps whatever an index re-exports
 * with the index. What is in each is told in `manifest.json`.
 * @param outdir where they are written, and all else is removed
 */
export async function buildWorker(outdir = DIST): Promise<void> {
  await rm(outdir, { recursive: true, force: true })
  await build(optionsFor(outdir))
}

/**
 * Bundles it now, and again after each change until it is closed.
 * @param complain told of what cannot be bundled; what was there is kept
 */
export async function watchWorker(
  complain: (error: Error) => void,
): Promise<{ close(): Promise<void> }> {
  await rm(DIST, { recursive: true, force: true })
  const watcher = watch(optionsFor(DIST))
  await new Promise<void>((resolve) => {
    watcher.on('event', async (event) => {
      if (event.code === 'ERROR') complain(event.error)
      if (event.code === 'ERROR' || event.code === 'BUNDLE_END') await event.result.close()
      if (event.code === 'END') resolve()
    })
  })
  return watcher
}

function optionsFor(dir: string): BuildOptions {
  return {
    input: join(WORKER, 'src/worker.ts'),
    external: [/^cloudflare:/, /^node:/],
    platform: 'neutral',
    // As wrangler resolves packages.
    resolve: {
      conditionNames: ['workerd', 'worker', 'browser', 'import'],
      mainFields: ['browser', 'module', 'main'],
    },
    transform: { target: 'es2024' },
    plugins: [lateBodies(), manifest(ROOT)],
    // Of which late-bodies.ts makes the source maps.
    experimental: { nativeMagicString: true },
    output: {
      dir,
      format: 'esm',
      entryFileNames: 'worker.js',
      chunkFileNames: ({ name, facadeModuleId }) => `${nameOf(facadeModuleId ?? '') ?? name}.js`,
      // By itself rolldown makes a module of whatever two others share: dozens, each to be found before a first answer,
      // and compressed alone. What a key is read and published with comes with its routes; what only others have in
      // common is loaded with the first of them.
      codeSplitting: {
        groups: [
          { name: 'eager', tags: ['$initial'], priority: 3 },
          { name: 'key', test: /\/routes\/encryption-key\.ts$/, priority: 2 },
          { name: 'shared', test: /^(?!.*\/routes\/)/, minShareCount: 2, priority: 1 },
        ],
      },
      minify: true,
      sourcemap: true,
      comments: false,
    },
  }
}

/** What tells a module from others: `x509` of a whole package, `graph` of a whole folder, else the file with its folder. */
function nameOf(path: string): string | undefined {
  const [, folder, file] = /([^/]+)(?:\/src)?\/([^/]+)\.ts$/.exec(path) ?? []
  return file === 'index' || folder === undefined ? folder : `${folder}-${file}`
}
