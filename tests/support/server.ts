import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The program itself: the script that npm puts in the path before it keeps signals to itself. */
export const DENO = join(
  createRequire(`${ROOT}package.json`).resolve('deno/package.json'),
  '../deno',
)
/** As the script `serve` of package.json has it. */
export const COMMAND = ['run', '--quiet', '-A', '--node-modules-dir=manual', '--no-lock']

export interface ServerProcess {
  readonly child: ChildProcess
  /** What it printed so far, to standard output and error, a line each. */
  readonly lines: readonly string[]
  /** Those of them that went to standard error. */
  readonly errors: readonly string[]
  /** Resolves with the exit code when it has ended and all it printed has arrived. */
  readonly ended: Promise<number | null>
  /** The first line that has this text; rejects where it ends without one. */
  line(text: string): Promise<string>
  /** Where it serves, once it does. */
  url(): Promise<string>
}

/** Starts the server as in production, a process of its own; by `start.ts` with a sandbox and samples. */
export function startServer(
  env: Readonly<Record<string, string>>,
  program: 'serve.ts' | 'start.ts' = 'serve.ts',
): ServerProcess {
  const child = spawn(DENO, [...COMMAND, `apps/deno/src/${program}`], {
    cwd: ROOT,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const errors: string[] = []
  const arrived = new Set<(line: string) => void>()
  const readers = [child.stdout, child.stderr].map((input) => {
    const reader = createInterface({ input })
    reader.on('line', (line) => {
      lines.push(line)
      if (input === child.stderr) errors.push(line)
      for (const tell of arrived) tell(line)
    })
    return once(reader, 'close')
  })
  const ended = Promise.all([once(child, 'exit'), ...readers]).then(() => child.exitCode)
  const lineWith = (text: string): Promise<string> => {
    const found = Promise.withResolvers<string>()
    const tell = (line: string) => line.includes(text) && found.resolve(line)
    arrived.add(tell)
    for (const line of lines) tell(line)
    const early = ended.then(() => {
      throw new Error(`Cannot find "${text}": the server ended, ${lines.join('\n')}`)
    })
    return Promise.race([found.promise, early])
  }
  return {
    child,
    lines,
    errors,
    ended,
    line: lineWith,
    url: async () => /"url":"([^"]+)"/.exec(await lineWith('Latchkey serves'))?.[1] ?? '',
  }
}
