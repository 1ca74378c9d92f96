import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { HOUR } from '@latchkey/core'
import { hashEvent } from '@latchkey/ledger'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, makeNumber } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { SPKI } from '../api/harness/key-fixtures.ts'

const verification = z.object({
  valid: z.boolean(),
  broken: z.array(z.object({ subject: z.string(), sequence: z.number() })),
  anchor: z.object({ valid: z.boolean() }).nullable(),
})

/** Somebody who can write to the database changes the past. */
describe('GET /v1/events/verify finds', () => {
  let api: HostHarness
  let numberId: string

  beforeEach(async () => {
    api = await openHostHarness()
    ;({ numberId } = await makeNumber(api, 'graph'))
    const path = `/v1/numbers/${numberId}`
    await call(api, 'PUT', `${path}/encryption-key`, { json: { publicKey: SPKI } })
    await call(api, 'PATCH', path, { json: { label: 'last' } })
    await api.advance(HOUR)
    expect(await verify()).toMatchObject({ valid: true, broken: [], anchor: { valid: true } })
  })
  afterEach(() => api.close())

  async function verify() {
    const sent = await call(api, 'GET', '/v1/events/verify?consistency=strong')
    expect(sent.status, sent.text).toBe(200)
    return verification.parse(sent.json)
  }

  /** As another process would, which is never in the middle of a turn of our event loop. */
  async function write(sql: string, ...values: readonly SQLInputValue[]): Promise<void> {
    const database = new DatabaseSync(`${api.folder}/latchkey.db`)
    try {
      const { changes } = database.prepare(sql).run(...values)
      expect(Number(changes)).toBeGreaterThan(0)
    } finally {
      database.close()
    }
    await setImmediate()
  }

  test.each([
    ['what was done', `data = '{"label":"first"}'`],
    ['who did it', `actor_id = 'tok_somebody'`],
    ['what kind of caller did it', `actor_kind = 'nobody'`],
    ['when it was done', 'at = at - 1'],
    ['what it is called', `type = 'number.created'`],
    ['its id', `id = 'evt_00000000000000000000000000000000'`],
    ['its hash', `hash = replace(hash, substr(hash, 1, 1), 'x')`],
    ['what came before it', 'previous_hash = NULL'],
    ['its data to what is no JSON', `data = 'gone'`],
    ['its data to what is no object', `data = '[]'`],
  ])('a changed event: %s', async (_, change) => {
    await write(`UPDATE events SET ${change} WHERE subject = ? AND sequence = 2`, numberId)
    const { valid, broken } = await verify()
    expect([valid, broken]).toEqual([false, [{ subject: numberId, sequence: 2 }]])
  })

  test('an event taken out of the middle', async () => {
    await write('DELETE FROM events WHERE subject = ? AND sequence = 2', numberId)
    const { valid, broken } = await verify()
    expect([valid, broken]).toEqual([false, [{ subject: numberId, sequence: 3 }]])
  })

  test('an event put in', async () => {
    await write(
      `INSERT INTO events (id, subject, sequence, type, at, latest_at, actor_kind, actor_id, data, hash)
       SELECT 'evt_x', subject, 99, type, at, latest_at, actor_kind, actor_id, data, hash || 'x'
       FROM events WHERE subject = ? AND sequence = 1`,
      numberId,
    )
    const { valid, broken } = await verify()
    expect([valid, broken]).toEqual([false, [{ subject: numberId, sequence: 99 }]])
  })

  // The chain that is left is sound: only what was signed before shows that it was longer.
  test('a tail that was cut off, against the anchor', async () => {
    await write(
      `DELETE FROM events WHERE subject = ?1
       AND sequence = (SELECT max(sequence) FROM events WHERE subject = ?1)`,
      numberId,
    )
    expect(await verify()).toMatchObject({ valid: false, broken: [], anchor: { valid: false } })
  })

  test('a subject that was taken out whole, against the anchor', async () => {
    await write('DELETE FROM events WHERE subject = ?', numberId)
    expect(await verify()).toMatchObject({ valid: false, broken: [], anchor: { valid: false } })
  })

  // The last event is changed and its hash computed again, so that its chain is sound.
  test('an end that was rewritten with care, against the anchor', async () => {
    const { json } = await call(api, 'GET', `/v1/events?subject=${numberId}&type=number.updated`)
    const [last] = z
      .object({
        data: z.tuple([
          z.looseObject({ sequence: z.number(), previousHash: z.string(), at: z.string() }),
        ]),
      })
      .parse(json).data
    const data = { label: 'rewritten' }
    const hash = hashEvent({
      type: 'number.updated',
      at: Date.parse(last.at),
      actor: { kind: 'token', id: 'tok_admin' },
      data,
      subject: numberId,
      sequence: last.sequence,
      previousHash: last.previousHash,
    })
    await write(
      'UPDATE events SET data = ?, hash = ?, id = ? WHERE subject = ? AND sequence = ?',
      JSON.stringify(data),
      hash,
      `evt_${hash.slice(0, 32)}`,
      numberId,
      last.sequence,
    )
    expect(await verify()).toMatchObject({ valid: false, broken: [], anchor: { valid: false } })
  })

  // Whoever cuts the log also writes a fitting digest, but cannot sign it.
  test('an anchor that was written to fit', async () => {
    const change = `json_set(state, '$.anchor.digest', '${'0'.repeat(64)}')`
    await write(`UPDATE aggregates SET state = ${change} WHERE kind = 'deployment'`)
    expect(await verify()).toMatchObject({ valid: false, broken: [], anchor: { valid: false } })
  })

  test('an anchor that was signed by another', async () => {
    const jws = 'eyJhbGciOiJFZERTQSJ9.e30.AAAA'
    await write(
      `UPDATE aggregates SET state = json_set(state, '$.anchor.jws', ?) WHERE kind = 'deployment'`,
      jws,
    )
    expect(await verify()).toMatchObject({ valid: false, broken: [], anchor: { valid: false } })
  })
})
