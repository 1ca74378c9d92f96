import { SAMPLE } from '@latchkey/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { SPKI } from '../harness/key-fixtures.ts'
import { expectProblem } from '../harness/problem.ts'
import { makeToken } from '../harness/tokens.ts'

const eventFields = z.object({
  id: z.string(),
  at: z.string(),
  type: z.string(),
  subject: z.string(),
  sequence: z.number(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.json()),
  hash: z.string(),
  previousHash: z.string().nullable(),
})
type LoggedEvent = z.infer<typeof eventFields>
const page = z.object({ data: z.array(eventFields), nextCursor: z.string().nullable() })

const typesOf = (events: readonly LoggedEvent[]) => events.map(({ type }) => type)

/** Every change leaves an event that says who asked for it and what the upstream said; nothing takes one away. */
export function eventsSuite(open: OpenApi): void {
  let api: ApiHarness

  async function collect(query = ''): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = []
    let cursor: string | null = null
    do {
      const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const sent = await call(api, 'GET', `/v1/events?${query}${at}`)
      expect(sent.status, sent.text).toBe(200)
      const read = page.parse(sent.json)
      events.push(...read.data)
      cursor = read.nextCursor
    } while (cursor !== null)
    return events
  }

  describe('the audit log tells', () => {
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    test('of each change, in order, and who asked for it', async () => {
      const { id, token } = await makeToken(api, ['numbers:read', 'numbers:write'])
      const { connectionId, numberId } = await makeNumber(api, 'graph')
      const path = `/v1/numbers/${numberId}`
      await call(api, 'PATCH', path, { json: { label: 'a' }, token })
      await call(api, 'PUT', `${path}/encryption-key`, { json: { publicKey: SPKI }, token })
      await call(api, 'DELETE', path)
      await call(api, 'PATCH', `/v1/connections/${connectionId}`, {
        json: { name: 'b', credentials: { appSecret: null } },
      })
      await call(api, 'DELETE', `/v1/connections/${connectionId}`)
      await call(api, 'DELETE', `/v1/tokens/${id}`)

      const number = await collect(`subject=${numberId}`)
      expect(number.map(({ type, actor }) => [type, actor.kind, actor.id])).toEqual([
        ['number.created', 'token', 'tok_admin'],
        ['number.updated', 'token', id],
        ['key.publish_requested', 'token', id],
        ['key.published', 'token', id],
        ['key.observed', 'token', id],
        ['number.deleted', 'token', 'tok_admin'],
      ])
      expect(typesOf(await collect(`subject=${connectionId}`))).toEqual([
        'connection.created',
        'connection.updated',
        'connection.deleted',
      ])
      expect(typesOf(await collect(`subject=${id}`))).toEqual(['token.created', 'token.revoked'])
    })

    test('what the upstream answered: its status and request id, or its error', async () => {
      const { numberId, connectionId } = await makeNumber(api, 'graph')
      const key = { json: { publicKey: SPKI } }
      await call(api, 'PUT', `/v1/numbers/${numberId}/encryption-key`, key)
      const [published] = await collect(`subject=${numberId}&type=key.published`)
      expect(published?.data).toMatchObject({
        verified: true,
        answer: { status: 200, attempts: 1 },
      })

      const json = { connectionId, upstreamId: SAMPLE.graph.deniedNumberId }
      const made = await call(api, 'POST', '/v1/numbers', { json })
      const path = made.headers.get('location') ?? ''
      const refused = await call(api, 'PUT', `${path}/encryption-key`, key)
      expect(refused.status).toBeGreaterThanOrEqual(500)
      const [failed] = await collect(
        `subject=${path.slice('/v1/numbers/'.length)}&type=key.publish_failed`,
      )
      expect(failed?.data).toMatchObject({ upstream: { code: '10' } })
    })

    test('what Latchkey did by itself, as the schedule', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      await api.sandbox.setKnobs('graph', { readLagMs: 20_000 })
      await call(api, 'PUT', `/v1/numbers/${numberId}/encryption-key`, {
        json: { publicKey: SPKI },
      })
      await api.sandbox.advanceClock(20_000)
      await api.advance(31_000)
      const observed = (await collect(`subject=${numberId}&type=key.observed`)).at(-1)
      expect([observed?.actor.kind, observed?.data]).toMatchObject([
        'schedule',
        { status: 'valid' },
      ])
    })

    test('nothing of what was refused or only read', async () => {
      const { numberId } = await makeNumber(api, 'graph')
      const path = `/v1/numbers/${numberId}`
      await call(api, 'GET', `${path}/encryption-key`)
      const before = await collect(`subject=${numberId}`)
      await call(api, 'GET', `${path}/encryption-key?fresh=true`)
      await call(api, 'GET', path)
      await call(api, 'PATCH', path, { json: { label: 1 } })
      await call(api, 'PUT', `${path}/encryption-key`, { json: { publicKey: 'junk' } })
      await call(api, 'PUT', `${path}/encryption-key`, {
        json: { publicKey: SPKI },
        headers: { 'if-match': '"x"' },
      })
      expect(await collect(`subject=${numberId}`)).toEqual(before)
    })
  })

  describe('the audit log is', () => {
    let all: readonly LoggedEvent[]

    beforeAll(async () => {
      api = await open()
      for (const provider of ['graph', 'kaleyra', 'onprem'] as const) {
        const { numberId } = await makeNumber(api, provider)
        const path = `/v1/numbers/${numberId}`
        await call(api, 'PUT', `${path}/encryption-key`, { json: { publicKey: SPKI } })
        for (const label of ['a', 'b']) await call(api, 'PATCH', path, { json: { label } })
        await api.advance(2)
      }
      all = await collect('limit=200')
    })
    afterAll(() => api.close())

    test('one chain for each subject, which anybody can compute again', async () => {
      const heads = new Map<string, LoggedEvent>()
      for (const event of all) {
        const head = heads.get(event.subject)
        expect([event.sequence, event.previousHash]).toEqual([
          (head?.sequence ?? 0) + 1,
          head?.hash ?? null,
        ])
        const { actor, at, data, previousHash, sequence, subject, type } = event
        const text = canonical({ actor, at, data, previousHash, sequence, subject, type })
        expect(await sha256(text)).toBe(event.hash)
        expect(event.id).toBe(`evt_${event.hash.slice(0, 32)}`)
        heads.set(event.subject, event)
      }
    })

    test('read whole in pages of any size', async () => {
      for (const limit of [1, 3, 10]) expect(await collect(`limit=${limit}`)).toEqual(all)
      const subject = all.at(-1)?.subject ?? ''
      const own = all.filter((each) => each.subject === subject)
      expect(await collect(`limit=2&subject=${subject}`)).toEqual(own)
    })

    test('filtered by subject and by type, alone and together', async () => {
      for (const subject of new Set(all.map((each) => each.subject))) {
        const own = all.filter((each) => each.subject === subject)
        expect(await collect(`subject=${subject}`)).toEqual(own)
        const labels = own.filter(({ type }) => type === 'number.updated')
        expect(await collect(`subject=${subject}&type=number.updated&limit=1`)).toEqual(labels)
      }
      const published = all.filter(({ type }) => type === 'key.published')
      expect(published).toHaveLength(3)
      expect(await collect('type=key.published&limit=2')).toEqual(published)
      for (const nothing of ['type=none', 'subject=none', 'subject=num_0', 'subject=%00']) {
        expect(await collect(nothing)).toEqual([])
      }
    })

    test('read on from an event or a time, exclusively', async () => {
      for (const [index, { id, at }] of all.entries()) {
        if (index % 5 !== 0) continue
        expect(await collect(`after=${id}&limit=7`)).toEqual(all.slice(index + 1))
        const later = all.filter((each) => Date.parse(each.at) > Date.parse(at))
        expect(await collect(`after=${at}&limit=7`)).toEqual(later)
      }
      expect(await collect('after=2999-01-01T00:00:00Z')).toEqual([])
      expect(await collect('after=1999-01-01T00:00:00Z')).toEqual(all)
      const unknown = await call(api, 'GET', `/v1/events?after=evt_${'0'.repeat(32)}`)
      await expectProblem(api, unknown, 'invalid_request')
    })

    test('only ever added to', async () => {
      const event = `/v1/events/${all[0]?.id}`
      for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
        await expectProblem(
          api,
          await call(api, method, '/v1/events', { json: {} }),
          'method_not_allowed',
        )
        await expectProblem(api, await call(api, method, event, { json: {} }), 'not_found')
      }
    })
  })
}

/** RFC 8785, for what stands in events: members sorted by name, no white space. */
function canonical(value: z.core.util.JSONType): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
