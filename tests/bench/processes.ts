import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A program that says in one line where it serves. */
export interface Program {
  readonly url: string
  stop(): void
}

/**
 * Starts a program and waits for the line that tells its URL.
 * @throws Error where it ends without
 */
export async function startProgram(
  command: readonly [string, ...string[]],
  {
    cwd,
    env = {},
    pattern,
  }: {
    readonly cwd: string
    readonly env?: Readonly<Record<string, string>>
    readonly pattern: RegExp
  },
): Promise<Program> {
  const [file, ...rest] = command
  const child = spawn(file, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    const look = (line: string) => {
      lines.push(line)
      const found = pattern.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    }
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', look)
    }
    child.on('error', reject)
    child.on('exit', () =>
      reject(new Error(`Cannot start ${command.join(' ')}: ${lines.slice(-5).join('\n')}`)),
    )
  })
  return { url, stop: () => end(child) }
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM')
}
