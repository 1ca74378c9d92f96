import { describe, expect, test } from 'vitest'
import { form, testSandbox, type TestSandbox } from '../testing/call.ts'
import {
  EC_KEY,
  KEY_A,
  KEY_A_PKCS1,
  KEY_B,
  PRIVATE_KEY_LOOKALIKE,
  SHORT_KEY,
} from '../testing/keys.ts'
import { containing } from '../testing/containing.ts'
import { SAMPLE } from '../world.ts'

const { graph } = SAMPLE
const KEY = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
const bearer = { authorization: `Bearer ${graph.accessToken}` }

function pathOf(numberId: string): string {
  return `/graph/${graph.version}/${numberId}/whatsapp_business_encryption`
}

function read(sandbox: TestSandbox, numberId: string = graph.unsetNumberId, query = '') {
  return sandbox.call(`${pathOf(numberId)}${query}`, { headers: bearer })
}

function write(sandbox: TestSandbox, pem: string, numberId: string = graph.unsetNumberId) {
  return sandbox.call(pathOf(numberId), { method: 'POST', headers: bearer, body: form(KEY, pem) })
}

function codeOf(json: unknown): unknown {
  return containing({ error: containing({ code: json }) })
}

describe('the Graph encryption edge', () => {
  test('shows a key that was set, under data, as VALID', async () => {
    const sandbox = testSandbox()
    const written = await write(sandbox, KEY_A)
    expect([written.status, written.json]).toEqual([200, { success: true }])
    const seen = await read(sandbox)
    expect(seen.json).toEqual({ data: [{ [KEY]: KEY_A, [STATUS]: 'VALID' }] })
  })

  test('takes the key as multipart, as JSON and with the token in the body', async () => {
    const sandbox = testSandbox()
    const multipart = new FormData()
    multipart.set(KEY, KEY_A)
    multipart.set('access_token', graph.accessToken)
    const path = pathOf(graph.unsetNumberId)
    expect((await sandbox.call(path, { method: 'POST', body: multipart })).status).toBe(200)
    const json = { body: JSON.stringify({ [KEY]: KEY_B }), method: 'POST' }
    const headers = { ...bearer, 'content-type': 'application/json' }
    expect((await sandbox.call(path, { ...json, headers })).status).toBe(200)
    const { numbers } = await sandbox.control.state('graph')
    // Encoding a multipart form turns line ends into CRLF on most runtimes.
    const history = numbers[0]?.history.map((pem) => pem.replaceAll('\r\n', '\n'))
    expect(history).toEqual([KEY_A, KEY_B])
  })

  test.each([
    ['empty-list', { data: [] }],
    ['blank-key', { data: [{ [KEY]: ' ', [STATUS]: 'MISMATCH' }] }],
    ['missing-key', { data: [{ [STATUS]: 'MISMATCH' }] }],
  ] as const)('tells an unset key as %s', async (unset, expected) => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('graph', { unset })
    expect((await read(sandbox)).json).toEqual(expected)
  })

  test('answers flat, with CRLF, or with the status alone, by knob', async () => {
    const sandbox = testSandbox()
    await write(sandbox, KEY_A)
    await sandbox.control.setKnobs('graph', { envelope: 'flat', lineEnds: 'crlf' })
    const crlf = KEY_A.replaceAll('\n', '\r\n')
    expect((await read(sandbox)).json).toEqual({ [KEY]: crlf, [STATUS]: 'VALID' })
    await sandbox.control.setKnobs('graph', { validKey: 'hidden' })
    expect((await read(sandbox)).json).toEqual({ [STATUS]: 'VALID' })
  })

  test('answers success as a string, by knob', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('graph', { success: 'string' })
    expect((await write(sandbox, KEY_A)).json).toEqual({ success: 'true' })
  })

  test('shows the fields that are asked for, and refuses others with 100', async () => {
    const sandbox = testSandbox()
    await write(sandbox, KEY_A)
    const some = await read(sandbox, graph.unsetNumberId, `?fields=${STATUS}`)
    expect(some.json).toEqual({ data: [{ [STATUS]: 'VALID' }] })
    const other = await read(sandbox, graph.unsetNumberId, '?fields=colour')
    expect(other.json).toEqual(codeOf(100))
  })

  test.each([
    ['a short modulus', SHORT_KEY],
    ['a curve', EC_KEY],
    ['PKCS#1', KEY_A_PKCS1],
    ['no PEM', 'MIIB'],
    ['half a PEM', KEY_A.slice(0, 200)],
  ])('refuses %s with 100 and HTTP 400', async (_what, pem) => {
    const sandbox = testSandbox()
    const refused = await write(sandbox, pem)
    expect(refused.status).toBe(400)
    expect(refused.json).toEqual(codeOf(100))
    expect((await sandbox.control.state('graph')).numbers[0]?.writes).toBe(0)
    expect(await sandbox.control.incidents()).toEqual([])
  })

  test('records a private key that was sent, and a post without a key', async () => {
    const sandbox = testSandbox()
    expect((await write(sandbox, PRIVATE_KEY_LOOKALIKE)).status).toBe(400)
    expect((await write(sandbox, '')).status).toBe(400)
    const path = pathOf(graph.unsetNumberId).slice('/graph'.length)
    expect(await sandbox.control.incidents()).toMatchObject([
      { kind: 'private-key', upstream: 'graph', path },
      { kind: 'empty-post', upstream: 'graph', path },
    ])
  })

  test('refuses a number that is unregistered, deleted, unknown or not allow-listed', async () => {
    const sandbox = testSandbox()
    const outcome = async (numberId: string) => {
      const { status, json } = await write(sandbox, KEY_A, numberId)
      return [status, json]
    }
    expect(await outcome(graph.unregisteredNumberId)).toEqual([400, codeOf(133010)])
    expect(await outcome(graph.deletedNumberId)).toEqual([400, codeOf(33)])
    expect(await outcome(graph.deniedNumberId)).toEqual([403, codeOf(10)])
    const unknown = { error: containing({ code: 100, error_subcode: 33 }) }
    expect(await outcome('1')).toEqual([400, unknown])
  })

  test('shows what was there before until the write has reached the reads', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('graph', { readLagMs: 5_000 })
    await write(sandbox, KEY_A)
    expect((await read(sandbox)).json).toEqual({ data: [] })
    await sandbox.control.advanceClock(5_000)
    expect((await read(sandbox)).json).toEqual({ data: [{ [KEY]: KEY_A, [STATUS]: 'VALID' }] })
  })
})
