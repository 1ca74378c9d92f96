import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DAY } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import * as z from 'zod'
import { call, type Requesting } from '../api/harness/client.ts'
import { cachedReadAt, NO_LIMIT_IN_PRACTICE } from './cached-read.ts'
import { apiAt, latchkeyIn, MOCK } from './latchkey.ts'
import { chooseLoader } from './load.ts'
import { fillNumbers } from './many-numbers.ts'
import { withSite } from './site.ts'
import type { Bench } from './table/row.ts'

const NUMBERS = 100_000
const PAGE = 200
const READS = 1_000_000
const WARM_UP_READS = 100_000
const WARM_UP_PAGES = 50
/** A key read at the upstream is answered from what is remembered for a minute. */
const SECONDS = 20
const CLIENTS = 16
/** Times the size after warming up: what a collector leaves for later differs from one moment to the next. */
const BOUND = 1.25

const MEGABYTE = 1024
const page = z.object({ nextCursor: z.string().nullable() })

/** What Latchkey on Deno occupies after a million cached reads, and after listing 100 000 numbers, against after warming up. */
export const benchMemory: Bench = async (say) =>
  withSite(async ({ folder, start }) => {
    const ledger = await openSqliteLedger({ path: join(folder, 'latchkey.db') })
    say(`storing ${NUMBERS} numbers`)
    const tomorrow = Date.now() + DAY
    await fillNumbers(ledger, NUMBERS, (index) => tomorrow + index)
    await ledger.close()
    const mock = await start(...MOCK)
    const latchkey = await start(...latchkeyIn(folder, NO_LIMIT_IN_PRACTICE))
    const read = await cachedReadAt(latchkey.url, mock.url)
    const { load } = chooseLoader()
    const readMany = async (count: number) => {
      for (let done = 0; done < count;) {
        await read.refresh()
        const { perSecond } = await load(read, { clients: CLIENTS, seconds: SECONDS })
        done += perSecond * SECONDS
        say(`  ${Math.round(done)} reads: ${Math.round(residentMegabytes(latchkey.pid))} MB`)
      }
    }
    await listPages(apiAt(latchkey.url), WARM_UP_PAGES)
    await readMany(WARM_UP_READS)
    const warm = residentMegabytes(latchkey.pid)
    await readMany(READS)
    const afterReads = residentMegabytes(latchkey.pid)
    await listPages(apiAt(latchkey.url), NUMBERS / PAGE)
    const afterLists = residentMegabytes(latchkey.pid)
    const ratio = { unit: '×', bound: BOUND, direction: 'at most' } as const
    return [
      {
        id: 'memory/warm',
        what: 'Resident size of Latchkey on Deno after warming up',
        value: warm,
        unit: 'MB',
        bound: null,
        direction: 'at most',
      },
      {
        id: 'memory/read',
        what: 'After a million more cached reads, against that',
        value: afterReads / warm,
        ...ratio,
      },
      {
        id: 'memory/listed',
        what: `After listing ${NUMBERS} numbers on top, against that`,
        value: afterLists / warm,
        ...ratio,
      },
    ]
  })

async function listPages(api: Requesting, count: number): Promise<void> {
  let cursor: string | null = null
  for (let listed = 0; listed < count; listed += 1) {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`
    const { status, json, text } = await call(api, 'GET', `/v1/numbers?limit=${PAGE}${after}`)
    if (status !== 200) throw new Error(`Cannot list: ${text}`)
    cursor = page.parse(json).nextCursor
  }
}

/** As the system tells it, in 1024² bytes. */
function residentMegabytes(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(stdout.trim()) / MEGABYTE
}
