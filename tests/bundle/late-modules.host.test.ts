import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { mintTrusted } from '../api/harness/certificates.ts'
import { call, makeNumber, type Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV, type SandboxUrls, urlsOf } from '../api/harness/harness.ts'
import { publishTo } from '../api/harness/key-calls.ts'
import { freshKey } from '../api/harness/keys.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const READY_TRIES = 120
const READY_PAUSE_MS = 250
const TIMEOUT_MS = 90_000

/** What is loaded for some requests alone: what to take out, and what then fails. */
const LATE: readonly (readonly [source: string, path: string])[] = [
  ['packages/api/src/routes/certificates.ts', '/v1/connections/con_0/certificates'],
  ['packages/api/src/routes/events.ts', '/v1/events'],
  ['packages/api/src/routes/keys.ts', '/v1/keys'],
  ['packages/api/src/routes/rotations.ts', '/v1/rotations'],
  ['packages/api/src/routes/tokens.ts', '/v1/tokens'],
  ['packages/api/src/routes/triggers.ts', '/v1/triggers'],
  ['packages/api/src/routes/webhook-endpoints.ts', '/v1/webhook-endpoints'],
]

const manifest = z.record(
  z.string(),
  z.object({ imports: z.array(z.string()), sources: z.array(z.string()) }),
)

describe('the Worker as it is deployed, with what no key needs taken out of it', () => {
  let folder: string
  let sandbox: Sandbox
  let worker: ChildProcess
  let api: Requesting & { readonly urls: SandboxUrls }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-late-'))
    const dist = join(folder, 'dist')
    const built = spawnSync('node', ['apps/worker/build/main.ts', dist], { cwd: ROOT })
    expect(built.status, String(built.stderr)).toBe(0)
    const sources = ['packages/x509/src/index.ts', ...LATE.map(([source]) => source)]
    await Promise.all(sources.map((source) => takeOut(dist, source)))
    const config = await readFile(join(ROOT, 'apps/worker/wrangler.jsonc'), 'utf8')
    await writeFile(join(folder, 'wrangler.jsonc'), config)
    const settings = Object.entries(HARNESS_ENV).map(([name, value]) => `${name}='${value}'\n`)
    await writeFile(join(folder, 'worker.env'), settings.join(''))
    sandbox = await startSandbox()
    const port = await freePort()
    worker = serve(folder, port)
    const url = `http://127.0.0.1:${port}`
    await untilReady(`${url}/readyz`)
    api = {
      adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
      request: (path, init) => fetch(url + path, init),
      urls: urlsOf(sandbox),
    }
  }, TIMEOUT_MS)

  afterAll(async () => {
    worker.kill('SIGTERM')
    await sandbox.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  })

  test('publishes a key and reads it, and fails at all else', async () => {
    const { numberId } = await makeNumber(api, 'graph')
    const key = await freshKey()
    const published = await publishTo(api, numberId, key)
    expect(published.status, published.text).toBe(200)
    const read = await call(api, 'GET', `/v1/numbers/${numberId}/encryption-key?fresh=true`)
    expect(read.json, read.text).toMatchObject({ signatureStatus: 'valid', inSync: true })
    const { pem } = await mintTrusted()
    const inspected = await call(api, 'POST', '/v1/certificates/inspect', {
      json: { pem, purpose: 'trusted-ca' },
    })
    expect([inspected.status, inspected.json]).toMatchObject([500, { code: 'internal' }])
    for (const [, path] of LATE) {
      const { status, json } = await call(api, 'GET', path)
      expect([status, json], path).toMatchObject([500, { code: 'internal' }])
    }
  })
})

/** Puts in the place of a module that is loaded later one that cannot be. */
async function takeOut(dist: string, source: string): Promise<void> {
  const modules = manifest.parse(JSON.parse(await readFile(join(dist, 'manifest.json'), 'utf8')))
  const holding = Object.entries(modules).find(([, { sources }]) => sources.includes(source))
  const early = ['worker.js', ...(modules['worker.js']?.imports ?? [])]
  if (holding === undefined || early.includes(holding[0])) {
    throw new Error(`Cannot take out ${source}: it is in no module of its own`)
  }
  await writeFile(join(dist, holding[0]), "throw new Error('It was loaded')\n")
}

function serve(folder: string, port: number): ChildProcess {
  const config = [
    '--config',
    join(folder, 'wrangler.jsonc'),
    '--env-file',
    join(folder, 'worker.env'),
  ]
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--persist-to', join(folder, 'state')]
  const quiet = ['--log-level', 'error', '--show-interactive-dev-session=false']
  return spawn('wrangler', ['dev', ...config, ...place, ...quiet], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      PATH: `${ROOT}node_modules/.bin:${process.env['PATH'] ?? ''}`,
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
  })
}

async function untilReady(url: string): Promise<void> {
  for (let tried = 0; tried < READY_TRIES; tried += 1) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS))
  }
  throw new Error('Cannot test: workerd does not answer')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('Cannot find a port')
  return address.port
}
