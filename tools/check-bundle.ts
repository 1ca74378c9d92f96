/**
 * Keeps the Worker small and free of what does not belong on its way to a first answer: X.509 is loaded when it is
 * needed, SQLite is the platform's own.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type BundleRules, inspectBundle } from './bundle/inspect.ts'

const RULES: BundleRules = {
  maxGzipBytes: 130_000,
  forbidden: ['@peculiar/', 'reflect-metadata', 'tsyringe', 'node:sqlite'],
}

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'))
try {
  const config = join(root, 'apps/worker/wrangler.jsonc')
  const metafile = join(folder, 'metafile.json')
  const flags = ['--dry-run', '--config', config, '--outdir', folder, '--metafile', metafile]
  const { status } = spawnSync('wrangler', ['deploy', ...flags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // The banner would ask the registry for a newer version.
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' },
  })
  if (status !== 0) throw new Error(`Cannot bundle the Worker: wrangler ended with ${status}`)
  const { bytes, complaints } = inspectBundle(
    readFileSync(metafile, 'utf8'),
    (file) => gzipSync(readFileSync(join(folder, file))).length,
    RULES,
  )
  for (const complaint of complaints) console.error(`apps/worker: ${complaint}`)
  console.log(`apps/worker: ${bytes} of ${RULES.maxGzipBytes} bytes after gzip`)
  if (complaints.length > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
