import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECOND } from '@latchkey/core'
import postgres from 'postgres'
import { openPostgresLedger } from './open-postgres-ledger.ts'

/** Where Debian and Ubuntu keep each version's programs, which are on nobody's path. */
const DEBIAN = '/usr/lib/postgresql'
/** `nobody`: Postgres does not run for root. */
const NOBODY = 65_534

const USER = 'latchkey'
/** Looked for in logs and messages, where it must never be. */
export const PASSWORD = 'pg-secret-7c41'
const TEMPLATE = 'laid'
const EMPTY = `DELETE FROM aggregates; DELETE FROM labels; DELETE FROM events; DELETE FROM tasks;
  DELETE FROM receipts; UPDATE log SET position = 0, latest_at = 0`
const START_TRIES = 600
const START_PAUSE_MS = 50

/** Ends the server when its input ends, which it does however this process ends. */
const GUARD = '"$@" & server=$!; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server'

function programs(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const folders = versions
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(DEBIAN, version, 'bin'))
  const all = [...folders, ...(process.env['PATH'] ?? '').split(':')]
  return all.find((folder) => folder !== '' && existsSync(join(folder, 'initdb'))) ?? null
}

/** Whether no test can have a Postgres server here, as its programs are not installed. */
export const NO_POSTGRES = programs() === null

/** How long a busy machine may take to make and start one. */
export const STARTING_MS = 60_000

export interface PostgresServer {
  /** A database of its own, with empty tables; its URL. */
  database(): Promise<string>
  /** Empties the tables of such a database for the next who needs one: a hundred times faster than making one. */
  recycle(url: string): Promise<void>
  /** A database with nothing in it at all; its URL. */
  emptyDatabase(): Promise<string>
  /** What `pg_ctl restart -m immediate` does: nobody is waited for, and nothing is put in order. */
  restart(): Promise<void>
  /** Like the first half of that. */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

function makeCluster(bin: string, identity: Identity): string {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  chmodSync(folder, 0o700)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD)
  if (identity.uid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, NOBODY, NOBODY)
  }
  const options = ['--auth=md5', `--pwfile=${passwordFile}`, '--no-sync']
  const data = ['-D', join(folder, 'data'), '-U', USER, '-E', 'UTF8', '--locale=C']
  execFileSync(join(bin, 'initdb'), [...data, ...options], {
    ...identity,
    cwd: '/',
    stdio: 'ignore',
  })
  return folder
}

interface Identity {
  readonly uid?: number
  readonly gid?: number
}

/** A program can die without its data: only the machine could lose what is written and not synced. */
const UNSYNCED = ['fsync=off', 'full_page_writes=off']
const SETTINGS = ['max_connections=200', 'shared_buffers=64MB']

/**
 * Starts a server of its own on a free port of this machine, in a folder that goes away with it.
 * @param isDurable whether a commit waits for the disk, as it does where somebody's data is
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const bin = programs()
  if (bin === null) throw new Error('Postgres is not installed')
  const identity: Identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const folder = makeCluster(bin, identity)
  const port = await freePort()
  const urlOf = (name: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`
  const admin = postgres(urlOf('postgres'), { max: 1, idle_timeout: 1, onnotice: () => undefined })
  let guard: ChildProcess | null = null
  let made = 0
  const unused: string[] = []

  const isUp = () =>
    admin`SELECT 1`.then(
      () => true,
      () => false,
    )
  async function start(): Promise<void> {
    const settings = [...SETTINGS, ...(isDurable ? [] : UNSYNCED)].flatMap((setting) => [
      '-c',
      setting,
    ])
    const where = ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder]
    guard = spawn('sh', ['-c', GUARD, 'sh', join(bin ?? '', 'postgres'), ...where, ...settings], {
      ...identity,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    for (let left = START_TRIES; !(await isUp()); left -= 1) {
      if (left === 0) throw new Error('Postgres does not start')
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS))
    }
  }
  async function crash(): Promise<void> {
    if (guard === null) return
    const ended = once(guard, 'exit')
    guard.stdin?.end()
    await ended
    guard = null
  }
  async function create(template: string): Promise<string> {
    made += 1
    const name = `ledger_${made}`
    await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    return urlOf(name)
  }

  await start()
  await admin.unsafe(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0`)
  await (await openPostgresLedger({ url: urlOf(TEMPLATE) })).close()
  return {
    database: async () => unused.pop() ?? create(TEMPLATE),
    async recycle(url) {
      const db = postgres(url, { max: 1, onnotice: () => undefined })
      await db.unsafe(EMPTY)
      await db.end()
      unused.push(url)
    },
    emptyDatabase: () => create('template0'),
    start,
    crash,
    async restart() {
      await crash()
      await start()
    },
    async stop() {
      await admin.end({ timeout: 1 })
      await crash()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How many rows a second a server commits, one after the other, over one connection. */
export async function commitsPerSecond(url: string, text: string, ms: number): Promise<number> {
  const db = postgres(url, { max: 1, onnotice: () => undefined })
  await db`CREATE TABLE IF NOT EXISTS raw (id BIGSERIAL PRIMARY KEY, text TEXT)`
  const began = performance.now()
  let done = 0
  for (; performance.now() < began + ms; done += 1)
    await db`INSERT INTO raw (text) VALUES (${text})`
  const took = performance.now() - began
  await db.end()
  return (done * SECOND) / took
}

/** Has a database count its rows, as its server does by itself within a minute of many new ones. */
export async function gatherStatistics(url: string): Promise<void> {
  const db = postgres(url, { max: 1, onnotice: () => undefined })
  await db.unsafe('ANALYZE')
  await db.end()
}
