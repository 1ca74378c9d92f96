import { join } from 'node:path'
import {
  type Ledger,
  type ListQuery,
  MINUTE,
  type NumberState,
  type TaskQueue,
} from '@latchkey/core'
import { openPostgresLedger } from '@latchkey/ledger/postgres'
import { gatherStatistics, NO_POSTGRES, startPostgres } from '@latchkey/ledger/postgres-testing'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import {
  CONNECTIONS,
  connectionAt,
  fillNumbers,
  labelsAt,
  numberAt,
  numberKeyAt,
} from './many-numbers.ts'
import { race, type Work } from './race.ts'
import { type Site, withSite } from './site.ts'
import type { Bench, Row, Say } from './table/row.ts'

const FEW = 1_000
const MANY = 100_000
/** Times as long, with a hundred times as many numbers. */
const BOUND = 2
const PAGE = 50
const SWEPT_AT_ONCE = 16

type Storage = Ledger & TaskQueue
/** Two that are empty. */
interface Opened {
  readonly few: Storage
  readonly many: Storage
  /** Puts them into the state that they are in by themselves a minute after they were filled. */
  readonly settle: () => Promise<unknown>
}

type OpenStorages = (site: Site) => Promise<Opened>

/** The engines that are here, by name. */
const ENGINES: Readonly<Record<string, OpenStorages>> = {
  sqlite: openSqlite,
  ...(NO_POSTGRES ? {} : { postgres: openPostgres }),
}

async function openSqlite({ folder }: Site): Promise<Opened> {
  return {
    few: await openSqliteLedger({ path: join(folder, 'few.db') }),
    many: await openSqliteLedger({ path: join(folder, 'many.db') }),
    settle: async () => undefined,
  }
}

async function openPostgres({ atEnd }: Site): Promise<Opened> {
  const server = await startPostgres({ isDurable: true })
  atEnd(() => server.stop())
  const urls = [await server.database(), await server.database()] as const
  return {
    few: await openPostgresLedger({ url: urls[0] }),
    many: await openPostgresLedger({ url: urls[1] }),
    settle: () => Promise.all(urls.map(gatherStatistics)),
  }
}

/** What lists and the sweep of 100 000 numbers take, against the same of 1000: in turns, over the ledger's port. */
export const benchGrowth: Bench = async (say) => {
  const rows: Row[] = []
  for (const [engine, open] of Object.entries(ENGINES)) {
    rows.push(...(await withSite(async (site) => benchEngine(site, { engine, open, say }))))
  }
  return rows
}

async function benchEngine(
  site: Site,
  {
    engine,
    open,
    say,
  }: { readonly engine: string; readonly open: OpenStorages; readonly say: Say },
): Promise<readonly Row[]> {
  const { few, many, settle } = await open(site)
  site.atEnd(() => Promise.all([few.close(), many.close()]))
  say(`storing ${FEW} and ${MANY} numbers, by ${engine}`)
  await fillNumbers(few, FEW, (index) => index)
  await fillNumbers(many, MANY, (index) => index)
  await settle()
  say('listing and sweeping them, in turns')
  const rows: Row[] = []
  for (const [name, what] of Object.entries(WORKS)) {
    const rates = await race({ few: what.of(few, FEW), many: what.of(many, MANY) })
    rows.push({
      id: `growth/${engine}/${name}`,
      what: `${what.title}, of ${MANY} numbers against ${FEW}`,
      value: rates.few / rates.many,
      unit: '×',
      bound: BOUND,
      direction: 'at most',
    })
  }
  return rows
}

interface Measured {
  readonly title: string
  readonly of: (ledger: Storage, count: number) => Work
}

const list =
  (filter: Pick<ListQuery, 'where' | 'connections'>) =>
  (ledger: Storage, count: number): Work =>
  async () => {
    // From the middle, where what was skipped is as much as what is left.
    const cursor = numberKeyAt(Math.floor(count / 2)).id
    await ledger.list({ kind: 'number', ...filter, limit: PAGE, cursor })
  }

const WORKS: Readonly<Record<string, Measured>> = {
  page: { title: `A page of ${PAGE}`, of: list({}) },
  filter: {
    title: `A page of those that are out of sync`,
    of: list({ where: { inSync: 'false' } }),
  },
  filters: {
    title: 'A page by two filters',
    of: list({ where: { provider: 'graph', inSync: 'false' } }),
  },
  connection: {
    title: 'A page by a filter in one connection',
    of: list({ where: { provider: 'graph' }, connections: [connectionAt(CONNECTIONS - 1)] }),
  },
  sweep: { title: `Claiming, storing and ending ${SWEPT_AT_ONCE} due sweeps`, of: sweep },
}

/** All are due all the time: who is done is due again, after all others. */
function sweep(ledger: Storage, count: number): Work {
  let due = count
  return async () => {
    const tasks = await ledger.claim(Date.now(), SWEPT_AT_ONCE, MINUTE)
    if (tasks.length < SWEPT_AT_ONCE) throw new Error('Cannot sweep: not enough is due')
    await Promise.all(
      tasks.map(async (task) => {
        const index = Number(task.subject.id.slice(-12))
        await ledger.mutate<NumberState, null>(task.subject, () => ({
          result: null,
          next: numberAt(index, Date.now()),
          labels: labelsAt(index),
        }))
        await ledger.finish(task, (due += 1))
      }),
    )
  }
}
