import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SECOND } from '@latchkey/core'
import { commitsPerSecond, NO_POSTGRES, startPostgres } from '@latchkey/ledger/postgres-testing'
import { latchkeyIn, MOCK } from './latchkey.ts'
import { median } from './measure.ts'
import { publishingAt, type Publishing } from './publish-load.ts'
import { type Site, withSite } from './site.ts'
import type { Bench, Row } from './table/row.ts'
import { fileOnWorkerd, latchkeyOnWorkerd } from './workerd.ts'

const ROUNDS = 4
const PUBLISH_SECONDS = 3
const RAW_MS = 1_500
const ROW = 'x'.repeat(1024)

interface Engine {
  readonly publish: Publishing
  /** Commits a second of one row, one after the other, each on the disk before the next. */
  readonly commit: () => Promise<number> | number
}

type OpenEngine = (site: Site) => Promise<Engine>

/** The engines that are here, by name, with how many publishes each has to make for each commit that it could. */
const ENGINES: Readonly<Record<string, { readonly open: OpenEngine; readonly bound: number }>> = {
  sqlite: { open: openSqlite, bound: 0.06 },
  ...(NO_POSTGRES ? {} : { postgres: { open: openPostgres, bound: 0.08 } }),
  'durable-objects': { open: openDurableObjects, bound: 0.02 },
}

/**
 * How many keys a second are published through the API to an upstream that costs next to nothing, by 16 clients to as
 * many numbers, durable when answered; against how many rows the engine commits one after the other.
 */
export const benchPublishes: Bench = async (say) => {
  const rows: Row[] = []
  for (const [name, { open, bound }] of Object.entries(ENGINES)) {
    say(`publishing over ${name}, and committing without`)
    rows.push(...(await withSite(async (site) => measure(name, await open(site), bound))))
  }
  return rows
}

async function measure(
  name: string,
  { publish, commit }: Engine,
  bound: number,
): Promise<readonly Row[]> {
  const published: number[] = []
  const committed: number[] = []
  // The first of each is to get the runtime going.
  for (let round = -1; round < ROUNDS; round += 1) {
    const rates = [await publish(PUBLISH_SECONDS), await commit()] as const
    if (round < 0) continue
    published.push(rates[0])
    committed.push(rates[1])
  }
  const ratios = published.map((rate, round) => rate / (committed[round] ?? Number.NaN))
  const row = { unit: '/s', bound: null, direction: 'at least' } as const
  const id = `publishes/${name}`
  return [
    {
      id,
      what: `Durable publishes over ${name}, against its commits of one row, one after the other`,
      value: median(ratios),
      unit: '×',
      bound,
      direction: 'at least',
    },
    { ...row, id: `${id}/latchkey`, what: 'Publishes', value: median(published) },
    { ...row, id: `${id}/raw`, what: 'Commits', value: median(committed) },
  ]
}

async function openSqlite({ folder, start }: Site): Promise<Engine> {
  const mock = await start(...MOCK)
  const latchkey = await start(...latchkeyIn(folder))
  const raw = new DatabaseSync(join(folder, 'raw.db'))
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  raw.exec('CREATE TABLE raw (id INTEGER PRIMARY KEY, text TEXT)')
  const insert = raw.prepare('INSERT INTO raw (text) VALUES (?)')
  return {
    publish: await publishingAt(latchkey.url, mock.url),
    commit() {
      const began = performance.now()
      let done = 0
      for (; performance.now() < began + RAW_MS; done += 1) insert.run(ROW)
      return (done * SECOND) / (performance.now() - began)
    },
  }
}

async function openPostgres({ folder, start, atEnd }: Site): Promise<Engine> {
  const server = await startPostgres({ isDurable: true })
  atEnd(() => server.stop())
  const url = await server.database()
  const mock = await start(...MOCK)
  const latchkey = await start(...latchkeyIn(folder, { DATABASE_URL: url }))
  return {
    publish: await publishingAt(latchkey.url, mock.url),
    commit: () => commitsPerSecond(url, ROW, RAW_MS),
  }
}

async function openDurableObjects(site: Site): Promise<Engine> {
  const mock = await site.start(...MOCK)
  const latchkey = await latchkeyOnWorkerd(site)
  const raw = await fileOnWorkerd(site, 'raw-object', { RAW: 'RawObject' })
  return {
    publish: await publishingAt(latchkey.url, mock.url),
    async commit() {
      const answer = await fetch(raw.url)
      return SECOND / Number(await answer.text())
    },
  }
}
