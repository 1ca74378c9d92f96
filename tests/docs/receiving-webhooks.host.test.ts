import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import * as z from 'zod'
import { EVENT_TYPES, SUBSCRIPTIONS } from '@latchkey/core'
import { call } from '../api/harness/client.ts'
import { deliveriesTo, makeEndpoint, makeSubject, rename } from '../api/harness/endpoints.ts'
import { eventually } from '../api/harness/eventually.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'

const page = readFileSync(new URL('../../docs/receiving-webhooks.md', import.meta.url), 'utf8')
const asked = z.object({ events: z.array(z.string()) })
const TIMEOUT_MS = 30_000

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1]
  if (found === undefined) throw new Error(`Cannot read the page: it has no ${language}`)
  return found
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('Cannot find a port')
  return address.port
}

/** The receiver of the page as a process of its own, with what it prints. */
async function startReceiver(secret: string, port: number) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-receiver-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, block('js'))
  const child: ChildProcess = spawn('node', [file], {
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(async () => {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  })
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  return () => printed.trim().split('\n')
}

async function opened(): Promise<HostHarness> {
  const api = await openHostHarness()
  cleanups.push(() => api.close())
  return api
}

test(
  'the receiver of the page takes what is genuine, once, and nothing else',
  async () => {
    const api = await opened()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const subject = await makeSubject(api)
    const { id, secret } = await makeEndpoint(api, url, ['connection.updated'])
    const printed = await startReceiver(secret, port)
    const stranger = () => fetch(url, { method: 'POST', body: '{}' })
    const isUp = () =>
      stranger()
        .then(({ status }) => status)
        .catch(() => 0)
    expect(await eventually(isUp, (status) => status === 401)).toBe(401)
    await rename(api, subject, 'told')
    await api.advance(0)
    const [delivery] = await deliveriesTo(api, id)
    expect(delivery).toMatchObject({ status: 'delivered' })
    await call(api, 'POST', `/v1/webhook-endpoints/${id}/deliveries/${delivery?.id}/redeliver`)
    await api.advance(0)
    expect((await deliveriesTo(api, id))[0]).toMatchObject({
      status: 'delivered',
      attempts: [{ status: 204 }, { status: 204 }],
    })
    expect(printed()).toEqual([`connection.updated ${subject}`])
  },
  TIMEOUT_MS,
)

test('the page asks for events that there are', () => {
  const json = /-d '(.*)'/.exec(block('sh'))?.[1] ?? ''
  const { events } = asked.parse(JSON.parse(json))
  for (const each of events) expect(SUBSCRIPTIONS).toContain(each)
  for (const [, type = ''] of page.matchAll(/"([a-z_]+\.[a-z_]+)"/g)) {
    expect(EVENT_TYPES).toContain(type)
  }
})
