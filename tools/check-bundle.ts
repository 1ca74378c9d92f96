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
  // What is parsed before the first answer; half of it is zod, Hono and jose.
  maxEagerBytes: 160_000,
  // Of the 3 MB after compression that Cloudflare takes on every plan, a good part is left.
  maxTotalBytes: 1_000_000,
  forbidden: [
    '@peculiar/',
    'reflect-metadata',
    'tsyringe',
    'node:sqlite',
    'packages/x509/',
    'packages/crypto/src/private-key/import.ts',
    'packages/api/src/openapi/document.ts',
    'packages/api/src/pages/',
    'packages/api/src/auth/jwt.ts',
  ],
}

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'))
try {
  const build = spawnSync('node', ['apps/worker/build/main.ts', folder], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (build.status !== 0) throw new Error(`Cannot bundle the Worker: it ended with ${build.status}`)
  const metafile = readFileSync(join(folder, 'metafile.json'), 'utf8')
  const gzipBytes = (file: string) => gzipSync(readFileSync(join(folder, file))).length
  const { eager, total, complaints } = inspectBundle(metafile, gzipBytes, RULES)
  for (const complaint of complaints) console.error(`apps/worker: ${complaint}`)
  console.log(
    `apps/worker: ${eager} of ${RULES.maxEagerBytes} bytes before the first answer, ${total} of ${RULES.maxTotalBytes} in all, after gzip`,
  )
  if (complaints.length > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
