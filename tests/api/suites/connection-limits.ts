import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { makeToken } from '../harness/tokens.ts'
import { words } from '../harness/words.ts'
import { SAMPLE } from '@latchkey/sandbox'

const page = z.object({
  data: z.array(z.object({ id: z.string() })),
  nextCursor: z.string().nullable(),
})
const events = z.object({ data: z.array(z.object({ subject: z.string() })) })

const { unsetNumberId, secondUnsetNumberId, foreignKeyNumberId } = SAMPLE.graph

/** Ids of the right form that nobody has. */
const NO_CONNECTION = 'con_0000000000000000'
const NO_NUMBER = `num_${'0'.repeat(28)}`

interface World {
  readonly mine: string
  readonly theirs: string
  readonly myNumbers: readonly string[]
  readonly theirNumber: string
  /** Limited to `mine`, with every scope. */
  readonly token: string
}

/** Two connections with numbers, and a token for one of them. */
async function openWorld(api: ApiHarness): Promise<World> {
  const mine = await make(api, '/v1/connections', connectionTo(api, 'graph'))
  const theirs = await make(api, '/v1/connections', connectionTo(api, 'graph'))
  const number = (connectionId: string, upstreamId: string) =>
    make(api, '/v1/numbers', { connectionId, upstreamId })
  const first = await number(mine, unsetNumberId)
  const theirNumber = await number(theirs, foreignKeyNumberId)
  const second = await number(mine, secondUnsetNumberId)
  const { token } = await makeToken(api, ['admin'], { connections: [mine] })
  return { mine, theirs, theirNumber, token, myNumbers: [first, second].toSorted() }
}

/** What can be asked of one connection or number, by its id. */
const QUESTIONS: readonly (readonly [method: string, path: string, json?: object])[] = [
  ['GET', '/v1/connections/{con}'],
  ['PATCH', '/v1/connections/{con}', { name: 'mine now' }],
  ['DELETE', '/v1/connections/{con}'],
  ['DELETE', '/v1/connections/{con}?cascade=true'],
  ['POST', '/v1/connections/{con}/check'],
  ['POST', '/v1/connections/{con}/discover'],
  ['POST', '/v1/numbers', { connectionId: '{con}', upstreamId: foreignKeyNumberId }],
  ['GET', '/v1/numbers/{num}'],
  ['PATCH', '/v1/numbers/{num}', { label: 'mine now' }],
  ['DELETE', '/v1/numbers/{num}'],
  ['GET', '/v1/numbers/{num}/encryption-key'],
  ['GET', '/v1/numbers/{num}/encryption-key?fresh=true'],
  ['PUT', '/v1/numbers/{num}/encryption-key', { publicKey: 'none' }],
]

/** Tokens that are limited to some connections, for which nothing else exists. */
export function connectionLimitsSuite(open: OpenApi): void {
  describe('a token limited to connections', () => {
    let api: ApiHarness
    let world: World

    beforeEach(async () => {
      api = await open()
      world = await openWorld(api)
    })
    afterEach(() => api.close())

    const pagesOf = async (path: string, token = world.token) => {
      const pages: string[][] = []
      const cursors: string[] = []
      let cursor = ''
      for (;;) {
        const { json } = await call(api, 'GET', path + cursor, { token })
        const { data, nextCursor } = page.parse(json)
        pages.push(data.map(({ id }) => id))
        if (nextCursor === null) return { pages, cursors }
        cursors.push(nextCursor)
        cursor = `&cursor=${encodeURIComponent(nextCursor)}`
      }
    }

    test('sees its connections and numbers, page by full page, and no trace of others', async () => {
      const connections = await pagesOf('/v1/connections?limit=1')
      expect(connections).toEqual({ pages: [[world.mine]], cursors: [] })
      const numbers = await pagesOf('/v1/numbers?limit=1')
      expect(numbers).toEqual({
        pages: world.myNumbers.map((id) => [id]),
        cursors: world.myNumbers.slice(0, 1),
      })
      for (const filter of [`connectionId=${world.theirs}`, `connectionId=${NO_CONNECTION}`]) {
        expect(await pagesOf(`/v1/numbers?${filter}`)).toEqual({ pages: [[]], cursors: [] })
      }
      expect(await pagesOf('/v1/numbers?limit=2&provider=graph&signatureStatus=unknown')).toEqual({
        pages: [world.myNumbers],
        cursors: [],
      })
    })

    // Words, headers or order of checks that differ would say which ids exist.
    for (const [method, template, body] of QUESTIONS) {
      test(`${method} ${template} of another's is answered as of nothing`, async () => {
        const ask = async (con: string, num: string, headers: Record<string, string>) => {
          const fill = (text: string) => text.replace('{con}', con).replace('{num}', num)
          const sent = await call(api, method, fill(template), {
            token: world.token,
            headers,
            ...(body === undefined ? {} : { body: fill(JSON.stringify(body)) }),
          })
          return words(sent, { [con]: 'con', [num]: 'num' })
        }
        for (const headers of [{}, { 'idempotency-key': 'one' }]) {
          const theirs = await ask(world.theirs, world.theirNumber, headers)
          expect(theirs).toBe(await ask(NO_CONNECTION, NO_NUMBER, headers))
          expect(theirs).toContain('"code":"not_found"')
        }
        const { requests } = await api.sandbox.requests()
        expect(requests).toEqual([])
        const theirs = await call(api, 'GET', `/v1/numbers/${world.theirNumber}`)
        expect(theirs.json).toMatchObject({ label: null })
      })
    }

    test('makes no connections, and verifies no log of others', async () => {
      const made = await call(api, 'POST', '/v1/connections', {
        token: world.token,
        json: connectionTo(api, 'graph'),
      })
      expect(made.json).toMatchObject({ code: 'forbidden' })
      const verified = await call(api, 'GET', '/v1/events/verify', { token: world.token })
      expect(verified.json).toMatchObject({ code: 'forbidden' })
    })

    test('reads the events of its own alone', async () => {
      const all = await call(api, 'GET', '/v1/events', { token: world.token })
      const subjects = new Set(events.parse(all.json).data.map(({ subject }) => subject))
      expect([...subjects].toSorted()).toEqual([world.mine, ...world.myNumbers].toSorted())
      for (const hidden of [world.theirs, world.theirNumber, 'dep_main', NO_NUMBER, '', 'res_']) {
        const path = `/v1/events?subject=${hidden}`
        const { json } = await call(api, 'GET', path, { token: world.token })
        expect([hidden, json]).toEqual([hidden, { data: [], nextCursor: null }])
      }
    })

    // Numbers are unique per upstream account, whoever connected it: a clash must not name the other's.
    test('is told of a clash without being told with whom', async () => {
      const json = { connectionId: world.mine, upstreamId: foreignKeyNumberId }
      const clash = await call(api, 'POST', '/v1/numbers', { token: world.token, json })
      expect(clash.json).toMatchObject({ code: 'conflict' })
      expect(clash.text).not.toContain(world.theirNumber)
      expect(clash.text).not.toContain(world.theirs.slice('con_'.length))
      const told = await call(api, 'POST', '/v1/numbers', { json })
      expect(told.text).toContain(world.theirNumber)
      const own = { connectionId: world.mine, upstreamId: unsetNumberId }
      const mine = await call(api, 'POST', '/v1/numbers', { token: world.token, json: own })
      expect(world.myNumbers.some((id) => mine.text.includes(id))).toBe(true)
    })

    test('deals only with tokens that are limited as it is', async () => {
      const wider = await makeToken(api, ['numbers:read'])
      const other = await makeToken(api, ['numbers:read'], { connections: [world.theirs] })
      const both = await makeToken(api, ['numbers:read'], {
        connections: [world.mine, world.theirs],
      })
      const own = await makeToken(api, ['numbers:read'], { connections: [world.mine] })
      const { pages, cursors } = await pagesOf('/v1/tokens?limit=1')
      expect(pages.flat()).toHaveLength(2)
      expect(pages.flat()).toContain(own.id)
      expect(pages.flat()).toEqual(expect.arrayContaining(cursors))
      for (const { id } of [wider, other, both]) {
        const refused = await call(api, 'DELETE', `/v1/tokens/${id}`, { token: world.token })
        const nobody = 'tok_00000000000000000000'
        const unknown = await call(api, 'DELETE', `/v1/tokens/${nobody}`, { token: world.token })
        expect(words(refused, { [id]: 'tok' })).toBe(words(unknown, { [nobody]: 'tok' }))
      }
      const revoked = await call(api, 'DELETE', `/v1/tokens/${own.id}`, { token: world.token })
      expect(revoked.status).toBe(204)
    })
  })
}
