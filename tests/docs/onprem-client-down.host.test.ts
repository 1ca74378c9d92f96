import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SAMPLE } from '@latchkey/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mintChain } from '../api/harness/certificates.ts'
import { make } from '../api/harness/client.ts'
import { type ObservedProcess, openProcess } from '../support/observed-process.ts'
import { type Front, putInFront } from '../support/tls-front.ts'

const HAS_CURL = spawnSync('curl', ['--version']).error === undefined
const PAGE = new URL('../../docs/onprem-client-down.md', import.meta.url)
const run = promisify(execFile)
const TIMEOUT_MS = 60_000

/** Stands in for the containers: what is done to them is done to the emulated deployment. */
const DOCKER = `#!/bin/sh
case "$*" in
  "restart $WEBAPP") curl -sX POST "$SANDBOX/_sandbox/onprem/restart" ;;
  *"DROP TABLE waweb.certs"*) curl -sX DELETE "$SANDBOX/_sandbox/onprem/certs" ;;
esac
`

/** What was run so far. */
const typed = new Set<string>()

let folder: string
let server: ObservedProcess
let front: Front
let env: Record<string, string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  server = await openProcess({})
  const [chain, ended] = [await mintChain(), await mintChain({ days: -1 })]
  front = await putInFront(server.urls.onprem, { key: chain.key, cert: chain.chain })
  const { username, password } = SAMPLE.onprem
  const connectionId = await make(server, '/v1/connections', {
    provider: 'onprem',
    name: 'of the page',
    config: { baseUrl: front.baseUrl, tls: { caCertificates: chain.root } },
    credentials: { username, password },
  })
  writeFileSync(join(folder, 'bundle.pem'), chain.bundle)
  writeFileSync(join(folder, 'expired.pem'), ended.bundle)
  writeFileSync(join(folder, 'docker'), DOCKER)
  chmodSync(join(folder, 'docker'), 0o755)
  env = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    LATCHKEY: `http://127.0.0.1:${server.port}`,
    LATCHKEY_TOKEN: server.adminToken,
    SANDBOX: server.urls.onprem.replace(/\/onprem$/, ''),
    CONNECTION: connectionId,
    FINGERPRINT: chain.fingerprint,
    WEBAPP: 'webapp-1',
    MYSQL: 'mysql-1',
  }
})
afterAll(async () => {
  await front.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Every command of the page, in its order. */
function commands(): readonly string[] {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)
  return [...blocks].flatMap(([, indent = '', text = '']) =>
    text
      .replaceAll(new RegExp(`^${indent}`, 'gm'), '')
      .split('\n\n')
      .map((command) => command.trim()),
  )
}

/** Runs the one command of the page that holds a text, as it is printed; what it prints. */
async function type(text: string): Promise<string> {
  const [command = '', ...others] = new Set(commands().filter((each) => each.includes(text)))
  expect([others, command], text).toEqual([[], expect.stringContaining(text)])
  const { stdout } = await run('sh', ['-c', command], { cwd: folder, env })
  typed.add(command)
  return stdout
}

const details = async () => (await server.sandbox.state('onprem')).details

test.skipIf(!HAS_CURL)(
  'each command of the page on a client that is down does what it says there (needs curl)',
  async () => {
    expect(await type('/v1/certificates/inspect')).toContain('"verdict":"warn"')
    const uploaded = await type('certificates?purpose=server" ')
    expect(uploaded).toContain('"restart_required"')
    env['CERTIFICATE'] = /crt_[a-z\d]+/.exec(uploaded)?.[0] ?? ''
    await type('docker restart')
    expect(await details()).toMatchObject({ webapp: 'up', served: { origin: 'uploaded' } })
    expect(await type('/verify-served')).toContain('"matches":true')
    expect(await type('curl -sX PATCH')).toContain(env['FINGERPRINT'])

    expect(await type('force=true')).toContain('"expired"')
    await type('/_sandbox/onprem/restart')
    expect(await type('/_sandbox/onprem/state')).toContain('"webapp":"down"')

    await type('docker stop')
    await type('SHOW TABLES')
    await type('DROP TABLE')
    await type('docker restart')
    expect(await type('/check')).toContain('"ok":true')
    expect(await details()).toMatchObject({ webapp: 'up', served: { origin: 'generated' } })
    expect(await type('certificates?purpose=server" ')).toContain('"restart_required"')
    await type('docker restart')
    expect(await type('/verify-served')).toContain('"matches":true')

    await type('force=true')
    await type('/_sandbox/onprem/restart')
    expect(await details()).toMatchObject({ webapp: 'down' })
    await type('/_sandbox/onprem/certs')
    await type('/_sandbox/onprem/restart')
    expect(await details()).toMatchObject({ webapp: 'up' })
    expect([...typed].toSorted()).toEqual([...new Set(commands())].toSorted())
  },
  TIMEOUT_MS,
)
