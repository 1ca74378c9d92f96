import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import {
  NO_POSTGRES,
  PASSWORD,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from '@latchkey/ledger/postgres-testing'
import { startSandbox } from '@latchkey/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { addKey } from '../api/harness/ring-keys.ts'
import { lostKeys } from '../fleet/disk.ts'
import { COMMAND, DENO, ROOT } from '../support/server.ts'

const LIMIT_MS = 120_000
const PERMISSIONS = 0o777

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-archive-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Types `pnpm latchkey …`. */
async function latchkey(words: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(DENO, [...COMMAND, 'apps/deno/src/latchkey.ts', ...words], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ])
  return { code: child.exitCode, out, err }
}

/** A deployment with a key of the ring, in a folder of its own; answers its public half. */
async function deploy(data: string): Promise<string> {
  const sandbox = await startSandbox()
  const api = await openHostHarness({ inherit: { folder: data, sandbox } })
  try {
    return (await addKey(api, { generate: true })).publicKey
  } finally {
    await api.close()
    await sandbox.close()
  }
}

test(
  'pnpm latchkey says in one line what it cannot do, and touches nothing',
  async () => {
    const data = join(folder, 'data')
    const env = { LATCHKEY_DATA: data }
    const file = join(folder, 'taken')
    writeFileSync(file, 'mine')
    await deploy(data)
    for (const [words, said] of [
      [[], 'Usage: latchkey export <file>, or latchkey import <file>'],
      [['delete', file], 'Usage: latchkey export <file>, or latchkey import <file>'],
      [['export', file], `Cannot export: ${file} is there already, or cannot be made`],
      [['import', join(folder, 'none')], 'Cannot import: '],
      [['import', file], 'Cannot import: '],
    ] as const) {
      const { code, out, err } = await latchkey(words, env)
      expect([code, out, err.trimEnd().split('\n')]).toMatchObject([1, '', { length: 1 }])
      expect(err).toContain(said)
    }
    expect(readFileSync(file, 'utf8')).toBe('mine')
  },
  LIMIT_MS,
)

describe.skipIf(NO_POSTGRES)(`pnpm latchkey (needs Postgres's initdb and postgres)`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())

  test(
    'brings keys to Postgres and back, sealed all the way, and takes no file that was cut off',
    async () => {
      const [data, back] = [join(folder, 'data'), join(folder, 'back')]
      const pem = await deploy(data)
      const [file, cut] = [join(folder, 'export'), join(folder, 'cut')]
      const postgres = { DATABASE_URL: await server.emptyDatabase() }

      expect(await latchkey(['export', file], { LATCHKEY_DATA: data })).toMatchObject({ code: 0 })
      expect(statSync(file).mode & PERMISSIONS).toBe(0o600)
      const exported = readFileSync(file, 'utf8')
      expect(exported).toContain('"key"')
      for (const secret of ['PRIVATE KEY', HARNESS_ENV.LATCHKEY_ADMIN_TOKEN]) {
        expect(exported).not.toContain(secret)
      }

      writeFileSync(cut, exported)
      truncateSync(cut, exported.length - 200)
      const refused = await latchkey(['import', cut], postgres)
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.err).not.toContain(PASSWORD)

      expect(await latchkey(['import', file], postgres)).toMatchObject({ code: 0, err: '' })
      const again = join(folder, 'again')
      expect(await latchkey(['export', again], postgres)).toMatchObject({ code: 0 })
      expect(readFileSync(again, 'utf8')).toBe(exported)
      expect(await latchkey(['import', again], { LATCHKEY_DATA: back })).toMatchObject({ code: 0 })
      expect(await lostKeys(back, [pem])).toEqual([])
    },
    LIMIT_MS,
  )
})
