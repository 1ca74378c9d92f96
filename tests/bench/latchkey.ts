import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import type { startProgram } from './processes.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The program itself: the script that npm puts in the path is one more process. */
const DENO = join(createRequire(`${ROOT}package.json`).resolve('deno/package.json'), '../deno')

/** How Latchkey is started in production, its data in a folder. */
export function latchkeyIn(folder: string): Parameters<typeof startProgram> {
  const flags = ['--quiet', '-A', '--node-modules-dir=manual', '--no-lock']
  return [
    [DENO, 'run', ...flags, 'apps/deno/src/serve.ts'],
    {
      cwd: ROOT,
      env: { ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0' },
      pattern: /"url":"([^"]+)"/,
    },
  ]
}

/** The sandbox, whose line names its Graph. */
export const SANDBOX: Parameters<typeof startProgram> = [
  ['node', 'packages/sandbox/src/main.ts', '0'],
  { cwd: ROOT, pattern: /^Graph +(\S+?)\/v\d/ },
]
