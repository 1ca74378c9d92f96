import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_POSTGRES, startPostgres } from '@latchkey/ledger/postgres-testing'
import { test } from 'vitest'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { COMMAND, DENO, ROOT, startServer } from '../support/server.ts'
import { stepsOf } from './page.ts'
import { endPrograms, hasPrograms, typeSteps } from './walk.ts'

const TIMEOUT_MS = 120_000

/** Data of somebody who has served Latchkey over SQLite for a while. */
async function serveInto(data: string): Promise<void> {
  const server = startServer({ ...HARNESS_ENV, LATCHKEY_DATA: data, PORT: '0' }, 'start.ts')
  await server.line('Stop with Ctrl-C')
  server.child.kill('SIGTERM')
  await server.ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

const program = (name: string) => [DENO, ...COMMAND, `${ROOT}apps/deno/src/${name}`].join(' ')

test.skipIf(NO_POSTGRES || !hasPrograms('tail'))(
  "each command of the page on moving to Postgres prints what it says there (needs Postgres's initdb and postgres, bash and curl)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
    const data = join(folder, '.latchkey')
    const postgres = await startPostgres()
    try {
      await serveInto(data)
      const port = String(await freePort())
      const env = { ...HARNESS_ENV, LATCHKEY_DATA: data, PORT: port }
      const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`)
      writeFileSync(join(folder, '.env'), exports.join(''))
      await typeSteps(stepsOf('moving-to-postgres.md'), {
        folder,
        replaced: [
          ['npx -y pnpm@12 --silent latchkey', program('latchkey.ts')],
          ['npx -y pnpm@12 serve', program('serve.ts')],
          ['localhost:8787', `localhost:${port}`],
          ['postgres://latchkey:password@localhost:5432/latchkey', await postgres.emptyDatabase()],
        ],
        greeting: '',
      })
    } finally {
      endPrograms(folder)
      await postgres.stop()
      rmSync(folder, { recursive: true })
    }
  },
  TIMEOUT_MS,
)
