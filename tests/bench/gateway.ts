import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target } from './measure.ts'
import type { ProgramOptions } from './processes.ts'
import type { Say } from './table/row.ts'

const PACKAGE = '@portkey-ai/gateway'
const VERSION = '1.15.2'
export const GATEWAY = `${PACKAGE} ${VERSION}`
const PORT = 8797
/** Nothing of the product needs it: it is installed by the benchmark, out of the workspace. */
const FOLDER = fileURLToPath(new URL('../../.results/gateway', import.meta.url))
const BODY = JSON.stringify({ model: 'mock', messages: [{ role: 'user', content: 'key' }] })

export interface Gateway {
  readonly folder: string
  readonly command: readonly [string, ...string[]]
  readonly start: Omit<ProgramOptions, 'cwd'>
  target(url: string, upstream: string): Target
}

/**
 * A general gateway to measure against, which also hands one call on to one upstream. It takes what it knows, so that
 * it is sent a model's call. Null, with the reason told, where it cannot be installed.
 */
export async function installGateway(say: Say): Promise<Gateway | null> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(join(FOLDER, 'package.json'), '{"private":true}')
  say(`installing ${GATEWAY} to measure against`)
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save', '--loglevel=error']
  const { status } = spawnSync('npm', ['install', `${PACKAGE}@${VERSION}`, ...flags], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    say(`Cannot install ${PACKAGE}: it is left out`)
    return null
  }
  // Its server listens on every address; this makes every server of its process listen on this machine alone.
  await writeFile(
    join(FOLDER, 'loopback.cjs'),
    `const { Server } = require('node:net')
const { listen } = Server.prototype
Server.prototype.listen = function (...given) {
  const [options, ...rest] = given
  if (typeof options === 'object') return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest)
  return listen.call(this, options, '127.0.0.1', ...rest.filter((each) => typeof each !== 'string'))
}
`,
  )
  const program = `node_modules/${PACKAGE}/build/start-server.js`
  return {
    folder: FOLDER,
    command: ['node', '--require', './loopback.cjs', program, `--port=${PORT}`, '--headless'],
    start: {
      env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1', NODE_ENV: 'production' },
      pattern: /(http:\/\/localhost:\d+)/,
    },
    target: (_url, upstream) => ({
      name: 'gateway over mock',
      url: `http://127.0.0.1:${PORT}/v1/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(BODY.length),
        authorization: 'Bearer none',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': upstream,
      },
      body: BODY,
    }),
  }
}
