import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FaultRule } from './faults/rule.ts'
import { startSandbox, type Sandbox } from './serve.ts'
import { stoppedClock } from './testing/clock.ts'
import { KEY_A } from './testing/keys.ts'
import { sendRaw } from './testing/raw-http.ts'
import { SAMPLE } from './world.ts'

const { graph } = SAMPLE
const headers = { Authorization: `Bearer ${graph.accessToken}` }
const FORM = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }
const OWN_BODY = '{"data":[]}'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

function url(of: Sandbox = sandbox): string {
  return `${of.graphUrl}/${graph.version}/${graph.unsetNumberId}/whatsapp_business_encryption`
}

function read(expectSilence = false) {
  return sendRaw(url(), { headers, expectSilence })
}

function write(of: Sandbox = sandbox, expectSilence = false) {
  const body = `business_public_key=${encodeURIComponent(KEY_A)}`
  return sendRaw(url(of), { method: 'POST', headers: FORM, body, expectSilence })
}

async function fault(rule: Omit<FaultRule, 'upstream'>, of: Sandbox = sandbox): Promise<void> {
  await of.control.addFault({ upstream: 'graph', ...rule })
}

async function writes(of: Sandbox = sandbox): Promise<number | undefined> {
  return (await of.control.state('graph')).numbers[0]?.writes
}

describe('answers that are replaced', () => {
  test('reset: the connection is reset, and nothing was written', async () => {
    await fault({ answer: { kind: 'reset' } })
    expect(await write()).toMatchObject({ ending: 'reset', text: '' })
    expect(await writes()).toBe(0)
  })

  // The write took effect and the caller cannot know: the outcome that has to be read again.
  test('reset after handling: the write is there, its answer is lost', async () => {
    await fault({ apply: 'now', answer: { kind: 'reset' } })
    expect(await write()).toMatchObject({ ending: 'reset', text: '' })
    expect(await writes()).toBe(1)
  })

  test('hang: the connection stays open without a byte, before or after the write', async () => {
    await fault({ answer: { kind: 'hang' } })
    expect(await write(sandbox, true)).toMatchObject({ ending: 'open', text: '' })
    expect(await writes()).toBe(0)
    await fault({ apply: 'now', answer: { kind: 'hang' } })
    expect(await write(sandbox, true)).toMatchObject({ ending: 'open', text: '' })
    expect(await writes()).toBe(1)
  })

  test('respond: any status, headers and body, as text or as JSON', async () => {
    const custom = { status: 503, headers: { 'retry-after': '7' }, body: 'busy' }
    await fault({ answer: { kind: 'respond', ...custom } })
    const text = await read()
    expect([text.status, text.headers.get('retry-after'), text.body]).toEqual([503, '7', 'busy'])
    await fault({ answer: { kind: 'respond', status: 200, json: { success: 1 } } })
    expect(await read()).toMatchObject({ status: 200, body: '{"success":1}' })
  })

  test('redirect: a Location, and nothing was handled', async () => {
    await fault({ answer: { kind: 'redirect', location: 'https://evil.example/', status: 307 } })
    const answer = await write()
    expect([answer.status, answer.headers.get('location')]).toEqual([307, 'https://evil.example/'])
    expect(await writes()).toBe(0)
  })

  test('html: the page of a proxy', async () => {
    await fault({ answer: { kind: 'html' } })
    const answer = await read()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      502,
      'text/html; charset=utf-8',
    ])
  })
})

describe('answers that are distorted', () => {
  test('truncate: more is announced than sent', async () => {
    await fault({ answer: { kind: 'truncate' } })
    const answer = await read()
    expect(answer.headers.get('content-length')).toBe(String(OWN_BODY.length))
    expect(answer.body).toBe(OWN_BODY.slice(0, 5))
    expect(answer.ending).not.toBe('open')
  })

  test('garbage: half of the JSON at its own length', async () => {
    await fault({ answer: { kind: 'garbage' } })
    const answer = await read()
    expect(answer.body).toBe(OWN_BODY.slice(0, 5))
    expect(answer.headers.get('content-length')).toBe('5')
  })

  test('oversize: valid JSON of more than a mebibyte', async () => {
    await fault({ answer: { kind: 'oversize' } })
    const answer = await read()
    expect(answer.body.length).toBe(1024 * 1024 + 1)
    expect(JSON.parse(answer.body)).toEqual({ data: [] })
  })

  test('empty: the own status and content type without a body', async () => {
    await fault({ answer: { kind: 'empty' } })
    const answer = await read()
    expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([
      200,
      'application/json',
      '',
    ])
  })

  test('content-type: the own body under another name', async () => {
    await fault({ answer: { kind: 'content-type', value: 'text/plain' } })
    const answer = await read()
    expect([answer.headers.get('content-type'), answer.body]).toEqual(['text/plain', OWN_BODY])
  })

  test('drip: the own body, a few bytes at a time', async () => {
    await fault({ answer: { kind: 'drip', chunkBytes: 4, intervalMs: 1 } })
    expect(await read()).toMatchObject({ status: 200, body: OWN_BODY })
  })

  // A client that has all of a body sends its next request before the sandbox has ended its answer.
  test('drip: also where the next request comes on the same connection before its end', async () => {
    await fault({ times: null, answer: { kind: 'drip', chunkBytes: 4, intervalMs: 1 } })
    const { host, pathname, port } = new URL(url())
    const lines = [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${headers.Authorization}`,
    ]
    const socket = connect(Number(port))
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`)
    const chunks = await socket.toArray()
    expect(Buffer.concat(chunks).toString().split(OWN_BODY)).toHaveLength(3)
  })
})

describe('requests that no upstream would read', () => {
  test('a body of more than 8 MiB is refused with 413 and not recorded', async () => {
    const body = `business_public_key=${'x'.repeat(8 * 1024 * 1024)}`
    const answer = await sendRaw(url(), { method: 'POST', headers: FORM, body })
    expect(answer.status).toBe(413)
    expect((await sandbox.control.requests()).requests).toEqual([])
  })
})

describe('the order of things', () => {
  test('latency, answer latency and a delayed write all go by the clock of the sandbox', async () => {
    const still = await startSandbox({ clock: stoppedClock })
    await fault({ latencyMs: 1_000 }, still)
    const early = write(still)
    await seen(still, 1)
    expect(await writes(still)).toBe(0)
    await still.control.advanceClock(1_000)
    expect(await early).toMatchObject({ status: 200 })

    await fault({ answerLatencyMs: 1_000 }, still)
    const late = write(still)
    await seen(still, 2)
    await until(async () => (await writes(still)) === 2)
    await still.control.advanceClock(1_000)
    expect(await late).toMatchObject({ status: 200 })

    // The caller has long been told that it failed when the write arrives after all.
    await fault({ apply: { afterMs: 60_000 }, answer: { kind: 'respond', status: 504 } }, still)
    expect(await write(still)).toMatchObject({ status: 504 })
    expect(await writes(still)).toBe(2)
    await still.control.advanceClock(60_000)
    await until(async () => (await writes(still)) === 3)
    await still.close()
  })

  test('requests that overlap are seen to, until the caller has an answer or gives up', async () => {
    await fault({ times: 1, answer: { kind: 'hang' } })
    const hanging = write(sandbox, true)
    await seen(sandbox, 1)
    await read()
    await hanging
    await until(async () => (await read()).status === 200 && (await latest()).upstream === 0)
    const { requests } = await sandbox.control.requests()
    expect(requests.slice(0, 2).map((each) => each.inFlight)).toEqual([
      { upstream: 0, path: 0 },
      { upstream: 1, path: 1 },
    ])
  })

  test('close() ends a connection that is kept hanging', async () => {
    const other = await startSandbox()
    await fault({ answer: { kind: 'hang' } }, other)
    const hanging = write(other)
    await seen(other, 1)
    await other.close()
    expect((await hanging).text).toBe('')
  })
})

async function latest() {
  const { requests } = await sandbox.control.requests()
  return requests.at(-1)?.inFlight ?? { upstream: -1, path: -1 }
}

async function seen(of: Sandbox, count: number): Promise<void> {
  await until(async () => (await of.control.requests()).requests.length === count)
}

/** Lets other work go on until something holds; the runner's time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2))
}
