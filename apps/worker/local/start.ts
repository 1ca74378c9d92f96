/** `pnpm start:worker`: the Worker in workerd on this machine, with a sandbox in place of the providers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SettingError } from '@latchkey/core'
import {
  greeting,
  localSandbox,
  localSecrets,
  sampleData,
  samplePublicKey,
  SANDBOX_RANGE,
} from '@latchkey/local'
import { watchWorker } from '../build/bundle.ts'

const PORT_DEFAULT = 8787
const READY_TRIES = 240
const READY_PAUSE_MS = 250
const CONFIG = new URL('../wrangler.jsonc', import.meta.url).pathname

async function start(): Promise<void> {
  const { env } = process
  const port = portOf(env['PORT'])
  const folder = env['LATCHKEY_DATA'] ?? './.latchkey'
  const { keys, adminToken } = await localSecrets(env, folder)
  const keyFile = await samplePublicKey(folder)
  const sandbox = await localSandbox(env['LATCHKEY_SANDBOX'], port)
  // wrangler takes paths from its configuration's folder.
  const envFile = resolve(folder, 'worker.env')
  await writeSettings(envFile, {
    LATCHKEY_KEYS: keys,
    LATCHKEY_ADMIN_TOKEN: adminToken,
    LATCHKEY_ALLOW_PRIVATE_HOSTS: [
      env['LATCHKEY_ALLOW_PRIVATE_HOSTS'],
      sandbox === null ? '' : SANDBOX_RANGE,
    ]
      .filter(Boolean)
      .join(','),
  })
  process.stdout.write('Building the Worker …\n')
  const building = await watchWorker((error) => {
    process.stderr.write(`Cannot build the Worker: ${error.message}\n`)
  })
  process.stdout.write('Starting workerd …\n')
  const wrangler = runWrangler(port, { envFile, state: resolve(folder, 'worker') })
  const url = `http://localhost:${port}`
  const stop = () => {
    wrangler.kill('SIGTERM')
    void building.close()
    void sandbox?.close()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  wrangler.on('exit', (code) => {
    void building.close()
    void sandbox?.close()
    process.exitCode = code ?? 0
  })
  await untilReady(`${url}/readyz`, wrangler)
  const asAdmin = (method: string, path: string, body?: unknown) =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const samples = sandbox === null ? null : await sampleData(asAdmin, sandbox, url)
  process.stdout.write(
    greeting({ url, adminToken, sandboxUrl: sandbox?.url ?? null, samples, keyFile }),
  )
}

function portOf(setting: string | undefined): number {
  const port = Number(setting ?? PORT_DEFAULT)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SettingError('PORT', 'must be a port number from 1 to 65535')
  }
  return port
}

/** Secrets go by a file of the owner's alone: a command line can be read by everybody on the machine. */
async function writeSettings(path: string, settings: Record<string, string>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`)
  await writeFile(path, lines.join(''), { mode: 0o600 })
  await chmod(path, 0o600)
}

function runWrangler(
  port: number,
  { envFile, state }: { readonly envFile: string; readonly state: string },
): ChildProcess {
  const options = ['--config', CONFIG, '--port', String(port), '--ip', '127.0.0.1']
  const quiet = ['--log-level', 'error', '--show-interactive-dev-session=false']
  const files = ['--env-file', envFile, '--persist-to', state]
  return spawn('wrangler', ['dev', ...options, ...files, ...quiet], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // It takes settings from here as well: the file's, which may be more, are those that count.
      LATCHKEY_ALLOW_PRIVATE_HOSTS: undefined,
      WRANGLER_SEND_METRICS: 'false',
      // It would ask Cloudflare where this machine is.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
  })
}

async function untilReady(url: string, wrangler: ChildProcess): Promise<void> {
  for (let tried = 0; tried < READY_TRIES && wrangler.exitCode === null; tried += 1) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok === true) return
    await sleep(READY_PAUSE_MS)
  }
  wrangler.kill('SIGTERM')
  throw new Error('Cannot start: workerd does not answer')
}

try {
  await start()
} catch (error) {
  if (!(error instanceof SettingError)) throw error
  process.stderr.write(`Cannot start: ${error.message}\n`)
  process.exitCode = 1
}
