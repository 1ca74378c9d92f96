import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '@latchkey/sandbox'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import type { Observed } from './watched.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The program itself: the script that npm puts in the path before it keeps signals to itself. */
const DENO = join(createRequire(`${ROOT}package.json`).resolve('deno/package.json'), '../deno')
/** As the script `serve` of package.json has it. */
const COMMAND = ['run', '--quiet', '-A', '--node-modules-dir=manual', '--no-lock']

export interface Started {
  readonly child: ChildProcess
  /** What it printed so far, to standard output and error, a line each. */
  readonly lines: readonly string[]
  /** Resolves with the exit code when it has ended and all it printed has arrived. */
  readonly ended: Promise<number | null>
  /** The first line that has this text; rejects where it ends without one. */
  line(text: string): Promise<string>
}

/** Starts the server as in production, a process of its own. */
export function startServer(env: Readonly<Record<string, string>>): Started {
  const child = spawn(DENO, [...COMMAND, 'apps/deno/src/serve.ts'], {
    cwd: ROOT,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const arrived = new Set<(line: string) => void>()
  const readers = [child.stdout, child.stderr].map((input) => {
    const reader = createInterface({ input })
    reader.on('line', (line) => {
      lines.push(line)
      for (const tell of arrived) tell(line)
    })
    return once(reader, 'close')
  })
  const ended = Promise.all([once(child, 'exit'), ...readers]).then(() => child.exitCode)
  return {
    child,
    lines,
    ended,
    async line(text) {
      const found = Promise.withResolvers<string>()
      const tell = (line: string) => line.includes(text) && found.resolve(line)
      arrived.add(tell)
      for (const line of lines) tell(line)
      const early = ended.then(() => {
        throw new Error(`Cannot find "${text}": the server ended, ${lines.join('\n')}`)
      })
      return Promise.race([found.promise, early])
    },
  }
}

/** The real server over a real socket, with a sandbox in this process. */
export async function openProcess(env: Readonly<Record<string, string>>): Promise<Observed> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-process-'))
  const sandbox = await startSandbox()
  const settings = { ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0', ...env }
  const server = startServer(settings)
  const close = async () => {
    server.child.kill('SIGTERM')
    await server.ended
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = /"url":"([^"]+)"/.exec(await server.line('Latchkey serves'))?.[1] ?? ''
    return {
      folder,
      close,
      adminToken: settings.LATCHKEY_ADMIN_TOKEN,
      urls: { graph: sandbox.graphUrl, onprem: sandbox.onpremUrl, kaleyra: sandbox.kaleyraUrl },
      sandbox: sandbox.control,
      request: (path, init) => fetch(url + path, init),
      logs: () => server.lines,
    }
  } catch (error) {
    await close()
    throw error
  }
}
