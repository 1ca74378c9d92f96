import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, type Start, startProgram } from './processes.ts'

/** A folder for data, and programs: all gone when what is measured has been. */
export interface Site {
  readonly folder: string
  readonly start: Start
  /** Has something done when it is over, before the folder goes. */
  readonly atEnd: (work: () => Promise<unknown>) => void
}

/** Measures something with programs of its own, and stops them however it ends. */
export async function withSite<T>(measure: (site: Site) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  const started: Program[] = []
  const last: (() => Promise<unknown>)[] = []
  try {
    return await measure({
      folder,
      atEnd: (work) => void last.push(work),
      async start(command, options) {
        const program = await startProgram(command, options)
        started.push(program)
        return program
      },
    })
  } finally {
    await Promise.all(started.map((program) => program.stop()))
    for (const work of last.toReversed()) await work()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
