import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Ledger, TaskQueue } from '@latchkey/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPostgresArchive, openPostgresLedger } from '../postgres/index.ts'
import {
  NO_POSTGRES,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from '../postgres/testing.ts'
import { openSqliteArchive, openSqliteLedger } from '../sqlite/index.ts'
import {
  bury,
  chainOf,
  CONNECTION,
  increment,
  NOW,
  numberKey,
  put,
  tokenKey,
} from '../suite/samples.ts'
import { TAMPER } from '../suite/sabotage.ts'
import { exportLedger, importLedger } from './archive.ts'
import type { ArchiveDatabase } from './database.ts'

const LEASE = 60_000
const RECEIPT = { id: 'receipt', digest: 'd', now: NOW, leaseMs: LEASE, keepMs: LEASE }

let folder: string
let made = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const newPath = () => join(folder, `${(made += 1)}.db`)

/** Something of everything that is stored. */
async function fill(ledger: Ledger & TaskQueue): Promise<void> {
  for (let n = 0; n < 120; n += 1) await ledger.mutate(numberKey(n), increment)
  for (let n = 0; n < 3; n += 1) await ledger.mutate(numberKey(1), increment)
  await put(ledger, tokenKey(1), { colour: 'red', 'quo"te': 'back\\slash' })
  await put(ledger, tokenKey(2), { colour: 'red' })
  await bury(ledger, tokenKey(2))
  await ledger.mutate(tokenKey(3), () => ({
    result: null,
    tasks: [
      { name: 'settle', due: NOW, data: { n: 1 } },
      { name: 'later', due: NOW + LEASE },
    ],
  }))
  await ledger.claim(NOW, 1, LEASE)
  await ledger.claimReceipt(CONNECTION, RECEIPT)
}

async function linesOf(archive: ArchiveDatabase): Promise<string[]> {
  const lines: string[] = []
  await exportLedger(archive, async (line) => void lines.push(line))
  await archive.close()
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

async function intoFile(lines: readonly string[], path = newPath()): Promise<string> {
  const archive = await openSqliteArchive(path)
  try {
    await importLedger(archive, each(lines))
  } finally {
    await archive.close()
  }
  return path
}

async function filledFile(): Promise<string> {
  const path = newPath()
  const ledger = await openSqliteLedger({ path })
  await fill(ledger)
  await ledger.close()
  return path
}

/** What a ledger that came out of an archive goes on with. */
async function expectAlive(ledger: Ledger & TaskQueue, before: Ledger): Promise<void> {
  expect(await ledger.read(numberKey(1))).toEqual({ state: { count: 4 }, version: 4 })
  expect(await chainOf(ledger, numberKey(1))).toEqual(await chainOf(before, numberKey(1)))
  expect(await ledger.digestHeads(null)).toEqual(await before.digestHeads(null))
  const red = { kind: 'token', where: { colour: 'red' }, limit: 9 } as const
  expect((await ledger.list(red)).items.map(({ id }) => id)).toEqual([tokenKey(1).id])
  expect(await ledger.read(tokenKey(2))).toBeNull()
  expect(await ledger.mutate(tokenKey(2), (_, version) => ({ result: version }))).toBe(2)
  expect(await ledger.claimReceipt(CONNECTION, RECEIPT)).toEqual({ outcome: 'in_flight' })
  expect(await ledger.claim(NOW + LEASE - 1, 9, LEASE)).toEqual([])
  const [task] = await ledger.claim(NOW + LEASE, 1, LEASE)
  expect(task).toMatchObject({ subject: tokenKey(3), data: expect.anything() })
  expect(await ledger.mutate(numberKey(1), increment)).toBe(5)
  const { items } = await ledger.events({ subject: numberKey(1).id, limit: 9 })
  expect(items.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
}

test('an archive of a file fills another one alike', async () => {
  const path = await filledFile()
  const lines = await linesOf(await openSqliteArchive(path))
  const copy = await intoFile(lines)
  expect(await linesOf(await openSqliteArchive(copy))).toEqual(lines)
  const [ledger, before] = [
    await openSqliteLedger({ path: copy }),
    await openSqliteLedger({ path }),
  ]
  await expectAlive(ledger, before)
  await ledger.close()
  await before.close()
})

describe('an import leaves nothing where it is refused', () => {
  let lines: string[]
  beforeEach(async () => {
    lines = await linesOf(await openSqliteArchive(await filledFile()))
  })

  // Half a file is easily taken for a whole one: it ends between two rows.
  test.each<[string, (all: string[]) => string[], string]>([
    ['a file that is cut off', (all) => all.slice(0, -1), 'the file is cut off'],
    ['a row that is missing', (all) => all.toSpliced(150, 1), 'Cannot import: '],
    ['a row more', (all) => all.toSpliced(-1, 0, all.at(-2) ?? ''), ''],
    [
      'a row that was changed',
      (all) => all.map((line) => line.replace('red', 'blue')),
      'its checksum is another',
    ],
    ['a file that goes on', (all) => [...all, ...all.slice(1)], 'goes on after its last line'],
    ['something else', () => ['{"tokens":[]}'], 'no export that this program knows'],
    ['nothing', () => [], 'the file is cut off'],
  ])('%s', async (_, damage, why) => {
    const path = newPath()
    await expect(intoFile(damage(lines), path)).rejects.toThrow(why)
    // An empty ledger takes the file as it was.
    await intoFile(lines, path)
  })

  // Who can change the file can make its checksum anew; the hashes of the log are not that easily had.
  test('an event that was changed before it was exported', async () => {
    const path = await filledFile()
    const db = new DatabaseSync(path)
    db.prepare(TAMPER).run(numberKey(1).id, 2)
    db.close()
    const changed = await linesOf(await openSqliteArchive(path))
    await expect(intoFile(changed)).rejects.toMatchObject({
      code: 'invalid_request',
      message: `Cannot import: event 2 of ${numberKey(1).id} was changed, or one before it is missing`,
    })
  })

  test('a ledger that is not empty', async () => {
    const path = await intoFile(lines)
    await expect(intoFile(lines, path)).rejects.toMatchObject({ code: 'conflict' })
  })
})

test('there is nothing to export of an empty ledger', async () => {
  await expect(linesOf(await openSqliteArchive(newPath()))).rejects.toMatchObject({
    code: 'not_found',
  })
})

describe.skipIf(NO_POSTGRES)(`to Postgres and back (needs Postgres's initdb and postgres)`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())

  test('everything goes, and what goes on there goes back', async () => {
    const path = await filledFile()
    const lines = await linesOf(await openSqliteArchive(path))
    const url = await server.emptyDatabase()
    const archive = await openPostgresArchive(url)
    await importLedger(archive, each(lines))
    await expect(importLedger(archive, each(lines))).rejects.toMatchObject({ code: 'conflict' })
    await archive.close()
    expect(await linesOf(await openPostgresArchive(url))).toEqual(lines)
    const [ledger, before] = [await openPostgresLedger({ url }), await openSqliteLedger({ path })]
    await expectAlive(ledger, before)
    await before.close()
    const back = await intoFile(await linesOf(await openPostgresArchive(url)))
    const home = await openSqliteLedger({ path: back })
    expect(await chainOf(home, numberKey(1))).toEqual(await chainOf(ledger, numberKey(1)))
    expect(await home.digestHeads(null)).toEqual(await ledger.digestHeads(null))
    await home.close()
    await ledger.close()
  })

  test('an import that is refused leaves the database empty', async () => {
    const lines = await linesOf(await openSqliteArchive(await filledFile()))
    const url = await server.emptyDatabase()
    const archive = await openPostgresArchive(url)
    await expect(importLedger(archive, each(lines.slice(0, -1)))).rejects.toMatchObject({
      code: 'invalid_request',
    })
    await importLedger(archive, each(lines))
    await archive.close()
  })
})
