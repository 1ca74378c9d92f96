import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import type { Start } from './processes.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The program itself: the script that npm puts in the path is one more process. */
const DENO = join(createRequire(`${ROOT}package.json`).resolve('deno/package.json'), '../deno')

/** How a file of this repository is run on Deno, as in production. */
export function onDeno(file: string): readonly [string, ...string[]] {
  return [DENO, 'run', '--quiet', '-A', '--node-modules-dir=manual', '--no-lock', file]
}

/** How Latchkey is started in production, its data in a folder. */
export function latchkeyIn(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Parameters<Start> {
  return [
    onDeno('apps/deno/src/serve.ts'),
    {
      cwd: ROOT,
      env: { ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0', ...env },
      pattern: /"url":"([^"]+)"/,
    },
  ]
}

/** A Latchkey that was started with the settings above, for its admin. */
export function apiAt(url: string): Requesting {
  return {
    adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
    request: (path, init) => fetch(url + path, init),
  }
}

/** The sandbox, whose line names its Graph. */
export const SANDBOX: Parameters<Start> = [
  ['node', 'packages/sandbox/src/main.ts', '0'],
  { cwd: ROOT, pattern: /^Graph +(\S+?)\/v\d/ },
]

/** An upstream that costs next to nothing. */
export const MOCK: Parameters<Start> = [
  ['node', 'tests/bench/mock.ts'],
  { cwd: ROOT, pattern: /^mock (\S+)/ },
]
