import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A program that says in one line where it serves. */
export interface Program {
  readonly url: string
  readonly pid: number
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly pattern: RegExp
}

export type Start = (
  command: readonly [string, ...string[]],
  options: ProgramOptions,
) => Promise<Program>

const STOP_MS = 5_000

/**
 * Starts a program and waits for the line that tells its URL. What it writes after that is thrown away unread, so that
 * its log costs it what it costs, and nobody else anything.
 * @throws Error where it ends without
 */
export const startProgram: Start = async ([file, ...rest], { cwd, env = {}, pattern }) => {
  const child = spawn(file, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const outputs = [child.stdout, child.stderr]
  const readers = outputs.map((input) => createInterface({ input }))
  const url = await new Promise<string>((resolve, reject) => {
    const look = (line: string) => {
      lines.push(line)
      const found = pattern.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    }
    for (const reader of readers) reader.on('line', look)
    child.on('error', reject)
    child.on('exit', () =>
      reject(new Error(`Cannot start ${file} ${rest.join(' ')}: ${lines.slice(-5).join('\n')}`)),
    )
  })
  for (const reader of readers) reader.close()
  for (const output of outputs) output.resume()
  return { url, pid: child.pid ?? 0, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const deadline = setTimeout(() => void child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(deadline)
}
