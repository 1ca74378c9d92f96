/**
 * Keeps the Worker small and free of what does not belong on its way to a first answer. Weighed is what wrangler
 * would upload of what the build made.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { bytesOf, inspectBundle, type Sizes } from './bundle/inspect.ts'
import { parseManifest } from './bundle/manifest.ts'
import { RULES } from './bundle/rules.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

function run(command: string, ...parts: readonly string[]): void {
  const { status, stdout } = spawnSync(command, parts, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // The banner would ask the registry for a newer version.
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' },
  })
  if (status === 0) return
  console.error(stdout)
  throw new Error(`Cannot bundle the Worker: ${command} ended with ${status}`)
}

const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

function line(title: string, sizes: Sizes, max?: number): string {
  const limit = max === undefined ? '' : ` of ${inKilobytes(max)}`
  const parts = [...sizes]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `${name} ${inKilobytes(bytes)}`)
  return `${title}: ${inKilobytes(bytesOf(sizes))}${limit} after gzip (${parts.join(', ')})`
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'))
try {
  const config = join(folder, 'wrangler.jsonc')
  const upload = join(folder, 'upload')
  // It names the modules by where it is itself, so that this touches no build that somebody runs.
  copyFileSync(join(root, 'apps/worker/wrangler.jsonc'), config)
  run('node', 'apps/worker/build/main.ts', join(folder, 'dist'))
  run('wrangler', 'deploy', '--dry-run', '--config', config, '--outdir', upload)
  const manifest = parseManifest(readFileSync(join(folder, 'dist/manifest.json'), 'utf8'))
  const uploaded = new Map(
    globSync('**/*.js', { cwd: upload }).map((name) => [
      name,
      gzipSync(readFileSync(join(upload, name))).length,
    ]),
  )
  const { eager, lazy, complaints } = inspectBundle(manifest, uploaded, RULES)
  for (const complaint of complaints) console.error(`apps/worker: ${complaint}`)
  console.log(line('eager', eager, RULES.maxEagerBytes))
  console.log(line('lazy', lazy))
  console.log(`upload: ${inKilobytes(bytesOf(uploaded))} of ${inKilobytes(RULES.maxTotalBytes)}`)
  if (complaints.length > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
