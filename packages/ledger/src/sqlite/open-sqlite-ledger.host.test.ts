import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const PERMISSIONS = 0o777

test('openSqliteLedger() makes folder, file and side files for the owner alone', async () => {
  const path = join(folder, 'made', 'here', 'ledger.db')
  const ledger = await openSqliteLedger({ path })
  await ledger.mutate({ kind: 'token', id: 'tok_1' }, () => ({ result: null, next: {} }))
  expect(statSync(join(folder, 'made')).mode & PERMISSIONS).toBe(0o700)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    expect(statSync(file).mode & PERMISSIONS).toBe(0o600)
  }
  await ledger.close()
})

test('openSqliteLedger() takes a file that everybody could read from them', async () => {
  const path = join(folder, 'open.db')
  writeFileSync(path, '')
  chmodSync(path, 0o644)
  await (await openSqliteLedger({ path })).close()
  expect(statSync(path).mode & PERMISSIONS).toBe(0o600)
})

test('openSqliteLedger() commits with a write-ahead log, synced in full', async () => {
  const path = join(folder, 'mode.db')
  await (await openSqliteLedger({ path })).close()
  const db = new DatabaseSync(path)
  expect(db.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
  db.close()
})

// Who finds an old copy of the file may one day find its key-encryption key too.
test('openSqliteLedger() leaves nothing in the file of what was erased', async () => {
  const path = join(folder, 'erased.db')
  const ledger = await openSqliteLedger({ path })
  const key = { kind: 'certificate', id: 'crt_0123456789abcdef' } as const
  const sealed = 'a sealed private key '.repeat(500)
  const store = (next: { sealed: string } | null) =>
    ledger.mutate<{ sealed: string }, null>(key, () => ({ result: null, next, labels: {} }))
  await store({ sealed })
  expect(kept(path)).toBe(true)
  await store({ sealed: '' })
  await ledger.close()
  expect(kept(path)).toBe(false)
})

function kept(path: string): boolean {
  const files = [path, `${path}-wal`].filter((file) => existsSync(file))
  return files.some((file) => readFileSync(file, 'latin1').includes('a sealed private key'))
}

test('openSqliteLedger() says in one line that a file is no database', async () => {
  const path = join(folder, 'text.db')
  writeFileSync(path, 'This is a letter, not a database.'.repeat(100))
  await expect(openSqliteLedger({ path })).rejects.toMatchObject({
    code: 'internal',
    message: `Cannot open ${path}: the file is not a SQLite database`,
  })
})

test('openSqliteLedger() says in one line that a file is damaged', async () => {
  const path = join(folder, 'damaged.db')
  await (await openSqliteLedger({ path })).close()
  const noise = new Uint8Array(statSync(path).size).fill(0xa5)
  // The header of a SQLite file is its first 100 bytes; everything after it is lost here.
  noise.set(readFileSync(path).subarray(0, 100), 0)
  writeFileSync(path, noise)
  await expect(openSqliteLedger({ path })).rejects.toMatchObject({
    code: 'internal',
    message: `Cannot open ${path}: the file is damaged`,
  })
})

test("openSqliteLedger() leaves another program's database alone", async () => {
  const path = join(folder, 'foreign.db')
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE notes (text TEXT)')
  db.close()
  await expect(openSqliteLedger({ path })).rejects.toMatchObject({
    code: 'internal',
    message: `Cannot open ${path}: it is another program's database`,
  })
})

test('openSqliteLedger() refuses a database of a newer program', async () => {
  const path = join(folder, 'newer.db')
  await (await openSqliteLedger({ path })).close()
  const db = new DatabaseSync(path)
  db.exec('UPDATE ledger_schemas SET version = 99')
  db.close()
  await expect(openSqliteLedger({ path })).rejects.toMatchObject({
    code: 'internal',
    message: `Cannot open ${path}: its ledger schema is version 99, this program knows up to 2`,
  })
})

test('openSqliteLedger() names a path that cannot be opened', async () => {
  await expect(openSqliteLedger({ path: folder })).rejects.toMatchObject({ code: 'internal' })
})

test('a closed ledger no longer answers ping()', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  await ledger.ping()
  await ledger.close()
  await expect(ledger.ping()).rejects.toMatchObject({ code: 'internal' })
})
