import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const WORKER = fileURLToPath(new URL('../', import.meta.url))
/** Where the Worker's configuration looks for it. */
const DIST = join(WORKER, 'dist')

/**
 * Bundles the Worker into modules: the one that every request needs, and those that are loaded when something first
 * asks for them. wrangler's own bundling would make one of all. What is in each is told in `metafile.json`.
 * @param outdir where they are written, and all else is removed
 */
export async function buildWorker(outdir = DIST): Promise<void> {
  await rm(outdir, { recursive: true, force: true })
  await mkdir(outdir, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: WORKER,
    entryPoints: { worker: 'src/worker.ts' },
    outdir,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    // As wrangler resolves packages.
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*', 'node:*'],
    minify: true,
    sourcemap: 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  await writeFile(join(outdir, 'metafile.json'), JSON.stringify(metafile))
}
