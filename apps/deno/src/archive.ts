import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { Fault, isFault, SettingError } from '@latchkey/core'
import { type ArchiveDatabase, exportLedger, importLedger } from '@latchkey/ledger/archive'
import type { Environment } from './environment.ts'
import { type Storage, storageOf } from './storage.ts'

const USAGE = 'Usage: latchkey export <file>, or latchkey import <file>'
/** How many lines are done between two words about it. */
const TELL_EVERY = 10_000
const OWNER_ONLY = 0o600
/** Written to the disk at once. */
const CHUNK = 256 * 1024

type Tell = (text: string) => void

/**
 * Carries out the words of a command line, telling how it goes, and answers what was done.
 * @throws Fault invalid_request for other words, and what `exportLedger()` and `importLedger()` throw
 * @throws SettingError where the storage is not there
 */
export async function move(
  words: readonly string[],
  env: Environment,
  tell: Tell,
): Promise<string> {
  const [command, file, ...more] = words
  if (file === undefined || more.length > 0 || (command !== 'export' && command !== 'import')) {
    throw new Fault('invalid_request', USAGE)
  }
  const storage = storageOf(env)
  const archive = await openArchive(storage)
  try {
    const count = await (command === 'export' ? exportTo : importFrom)(archive, file, tell)
    const [done, way] = command === 'export' ? ['Exported', 'from'] : ['Imported', 'to']
    return `${done} ${count} lines ${way} ${storage.engine === 'sqlite' ? 'SQLite' : 'Postgres'}`
  } finally {
    await archive.close()
  }
}

async function openArchive(storage: Storage): Promise<ArchiveDatabase> {
  try {
    if (storage.engine === 'sqlite') {
      const { openSqliteArchive } = await import('@latchkey/ledger/sqlite')
      return await openSqliteArchive(storage.path)
    }
    const { openPostgresArchive } = await import('@latchkey/ledger/postgres')
    return await openPostgresArchive(storage.url)
  } catch (error) {
    if (!isFault(error)) throw error
    throw new SettingError(storage.setting, `cannot be used: ${error.message}`, { cause: error })
  }
}

function counter(tell: Tell, doing: string) {
  let count = 0
  return {
    add() {
      count += 1
      if (count % TELL_EVERY === 0) tell(`${doing} ${count} lines …`)
    },
    count: () => count,
  }
}

/** Writes a file that was not there before, for its owner alone; there is none where it fails. */
async function exportTo(archive: ArchiveDatabase, file: string, tell: Tell): Promise<number> {
  const output = await open(file, 'wx', OWNER_ONLY).catch((cause: unknown) => {
    throw new Fault('conflict', `Cannot export: ${file} is there already, or cannot be made`, {
      cause,
    })
  })
  const written = counter(tell, 'Exported')
  let waiting = ''
  try {
    await exportLedger(archive, async (line) => {
      written.add()
      waiting += `${line}\n`
      if (waiting.length < CHUNK) return
      await output.appendFile(waiting)
      waiting = ''
    })
    await output.appendFile(waiting)
    await output.sync()
  } catch (error) {
    await output.close()
    await rm(file)
    throw error
  }
  await output.close()
  return written.count()
}

/** Reads on only as lines are taken. */
async function* linesOf(input: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of input) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

async function importFrom(archive: ArchiveDatabase, file: string, tell: Tell): Promise<number> {
  const read = counter(tell, 'Imported')
  async function* counted(): AsyncGenerator<string> {
    for await (const line of linesOf(createReadStream(file, 'utf8'))) {
      read.add()
      yield line
    }
  }
  try {
    await importLedger(archive, counted())
  } catch (error) {
    if (isFault(error)) throw error
    throw new Fault('invalid_request', `Cannot import: ${file} cannot be read`, { cause: error })
  }
  return read.count()
}
