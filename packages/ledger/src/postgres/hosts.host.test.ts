import type { Ledger } from '@latchkey/core'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chainOf, increment, NOW, numberKey, tokenKey } from '../suite/samples.ts'
import { firstBreak } from '../suite/verify.ts'
import { openPostgresLedger } from './open-postgres-ledger.ts'
import {
  NO_POSTGRES,
  PASSWORD,
  type PostgresServer,
  startPostgres,
  STARTING_MS,
} from './testing.ts'

const HOSTS = 3
const WRITES = 40

let server: PostgresServer
const open = (url: string) => openPostgresLedger({ url })
const many = (url: string) => Promise.all(Array.from({ length: HOSTS }, () => open(url)))
const closeAll = (hosts: readonly Ledger[]) => Promise.all(hosts.map((host) => host.close()))

function at<T>(hosts: readonly T[], index: number): T {
  const host = hosts[index % hosts.length]
  if (host === undefined) throw new Error('There is no host')
  return host
}

/** Everything that a reader finds who reads on and on, until so many have come. */
async function follow(ledger: Ledger, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const after = ids.at(-1)
    const page = await ledger.events({ limit: 7, ...(after === undefined ? {} : { after }) })
    ids.push(...page.items.map((event) => event.id))
  }
  return ids
}

async function meddle(url: string, sql: string): Promise<void> {
  const db = postgres(url, { max: 1 })
  await db.unsafe(sql)
  await db.end()
}

describe.skipIf(NO_POSTGRES)(`several hosts (needs Postgres's initdb and postgres)`, () => {
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())

  test('write to one number at once, and its chain is one', async () => {
    const hosts = await many(await server.database())
    const writes = Array.from({ length: WRITES * HOSTS }, (_, n) =>
      at(hosts, n).mutate(numberKey(1), increment),
    )
    expect(new Set(await Promise.all(writes)).size).toBe(WRITES * HOSTS)
    const events = await chainOf(at(hosts, 0), numberKey(1))
    expect(events).toHaveLength(WRITES * HOSTS)
    expect(firstBreak(events)).toBeNull()
    await closeAll(hosts)
  })

  // A reader's place in the log is past an event that is committed later, and the event is never seen.
  test('commit events at once, and who follows the log misses none', async () => {
    const hosts = await many(await server.database())
    const first = at(hosts, 0)
    const writes = Array.from({ length: WRITES * HOSTS }, (_, n) =>
      at(hosts, n).mutate(tokenKey(n % 11), increment),
    )
    const [seen] = await Promise.all([follow(first, writes.length), ...writes])
    expect(new Set(seen).size).toBe(writes.length)
    const { items } = await first.events({ limit: 1000 })
    expect(seen).toEqual(items.map((event) => event.id))
    await closeAll(hosts)
  })

  test('take each task once', async () => {
    const hosts = await many(await server.database())
    const keys = Array.from({ length: 60 }, (_, n) => numberKey(n))
    for (const key of keys) {
      const tasks = [{ name: 'settle', due: NOW }]
      await at(hosts, 0).mutate(key, () => ({ result: null, tasks }))
    }
    const taken = await Promise.all(
      [...hosts, ...hosts, ...hosts].map((host) => host.claim(NOW, 20, 60_000)),
    )
    const ids = taken.flat().map((task) => task.subject.id)
    expect(ids.toSorted()).toEqual(keys.map((key) => key.id))
    await closeAll(hosts)
  })

  test('start together on an empty database, whose tables are made once', async () => {
    const url = await server.emptyDatabase()
    const hosts = await Promise.all(Array.from({ length: 8 }, () => open(url)))
    await Promise.all(hosts.map((host) => host.mutate(tokenKey(1), increment)))
    expect(await at(hosts, 0).read(tokenKey(1))).toMatchObject({ version: hosts.length })
    await closeAll(hosts)
  })
})

describe.skipIf(NO_POSTGRES)(`openPostgresLedger() (needs Postgres's initdb and postgres)`, () => {
  beforeAll(async () => {
    server = await startPostgres()
  }, STARTING_MS)
  afterAll(() => server.stop())

  test('refuses a database of a newer program', async () => {
    const url = await server.emptyDatabase()
    await (await open(url)).close()
    await meddle(url, 'UPDATE ledger_schemas SET version = 99')
    await expect(open(url)).rejects.toMatchObject({
      code: 'internal',
      message:
        'Cannot open the Postgres database: its ledger schema is version 99, this program knows up to 1',
    })
  })

  test("leaves another program's tables alone", async () => {
    const url = await server.emptyDatabase()
    await meddle(url, 'CREATE TABLE events (text TEXT)')
    await expect(open(url)).rejects.toMatchObject({
      message: "Cannot open the Postgres database: it has another program's tables",
    })
  })

  test.each([
    ['a wrong password', (url: string) => url.replace(PASSWORD, `${PASSWORD}-wrong`)],
    ['a database that is not there', (url: string) => url.replace(/[^/]+$/, 'elsewhere')],
    ['a port where nobody listens', (url: string) => url.replace(/:\d+\//, ':1/')],
  ])('says in one line that it cannot, and not where: %s', async (_, wrong) => {
    const url = new URL(await server.database())
    const opened = open(wrong(url.href))
    await expect(opened).rejects.toMatchObject({ code: 'internal', retryable: true })
    const message = await opened.then(String, String)
    expect(message).toMatch(/^Fault: Cannot use the Postgres database: [a-z ]+$/)
    for (const part of [PASSWORD, url.host, url.username]) expect(message).not.toContain(part)
  })
})
