import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, type CallOptions, type Sent } from '../api/harness/client.ts'
import type { Observed } from '../support/observed-process.ts'

/** Something that came out of Latchkey or was kept by it. */
export interface Output {
  readonly where: string
  readonly content: string | Uint8Array
}

/** A harness whose every answer is kept, to be looked through afterwards. */
export interface Watched {
  call(method: string, path: string, options?: CallOptions): Promise<Sent>
  /** All answers and log lines so far. */
  told(): readonly Output[]
}

export function watch(api: Observed): Watched {
  const answers: Output[] = []
  return {
    async call(method, path, options) {
      const sent = await call(api, method, path, options)
      const headers = JSON.stringify(Object.fromEntries(sent.headers))
      // The path as it was asked for may hold the very thing that is looked for.
      const where = `the answer ${answers.length} to ${method} ${path.slice(0, 60)}`
      answers.push({ where, content: `${sent.status}\n${headers}\n${sent.text}` })
      return sent
    },
    told: () => [
      ...answers,
      ...api.logs().map((line, index) => ({ where: `log line ${index}`, content: line })),
    ],
  }
}

/** Every file below a folder, raw: the database with its write-ahead log. */
export function filesBelow(folder: string): readonly Output[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      where: `the file ${entry.name}`,
      content: new Uint8Array(readFileSync(join(entry.parentPath, entry.name))),
    }))
}
