import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { call } from '../api/harness/client.ts'
import { makeEndpoint, makeSubject, rename } from '../api/harness/endpoints.ts'
import { urlsOf } from '../api/harness/harness.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { startMortal } from '../support/mortal-server.ts'

const KILLS = 4
const EVENTS = 6
const SEED = 20_261_121
/** How long the receiver keeps back its answer. */
const ANSWER_MS = 60
/** Longer than a dead owner's hold on an endpoint and on an attempt. */
const LEASES_MS = 3 * MINUTE
const TIMEOUT_MS = 90_000

let folder: string
let sandbox: Sandbox
let server: Server
let url: string
/** The ids that came, by the path of the endpoint's URL. */
const came = new Map<string, string[]>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-webhooks-'))
  sandbox = await startSandbox()
  server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    came.set(path, [...(came.get(path) ?? []), String(incoming.headers['webhook-id'])])
    incoming.resume()
    setTimeout(() => outgoing.writeHead(204).end(), ANSWER_MS)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot listen on TCP')
  url = `http://127.0.0.1:${address.port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const logged = z.object({ data: z.array(z.object({ id: z.string() })) })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test(
  `a server killed ${KILLS} times while it sends loses no event, and repeats at most the one under way`,
  async () => {
    const random = seededRandom(SEED)
    let subject: string | null = null
    for (let kill = 0; kill < KILLS; kill += 1) {
      const api = await startMortal(folder)
      try {
        subject ??= await makeSubject({ ...api, urls: urlsOf(sandbox) })
        await makeEndpoint(api, `${url}${kill}`, ['connection.updated'])
        for (let count = 0; count < EVENTS; count += 1) {
          await rename(api, subject, `${kill}, ${count}`)
        }
        await pause(Math.round(random.fraction() * EVENTS * ANSWER_MS))
      } finally {
        await api.kill()
      }
    }
    // The leases of the dead are longer than a test: the same file goes on in this process, whose clock can be set.
    const api = await openHostHarness({ inherit: { folder, sandbox } })
    try {
      await api.advance(LEASES_MS)
      await api.advance(LEASES_MS)
      const path = `/v1/events?subject=${subject}&type=connection.updated&limit=200`
      const { data } = logged.parse((await call(api, 'GET', path)).json)
      const told = data.map(({ id }) => id)
      expect(told).toHaveLength(KILLS * EVENTS)
      for (let kill = 0; kill < KILLS; kill += 1) {
        const places = (came.get(`/${kill}`) ?? []).map((id) => told.indexOf(id))
        const story = `endpoint ${kill}, seed ${SEED}: ${places.join(', ')}`
        const expected = told.map((_, index) => index).slice(kill * EVENTS)
        expect([...new Set(places)], story).toEqual(expected)
        expect(places, story).toEqual(places.toSorted((one, other) => one - other))
        expect(places.length - expected.length, story).toBeLessThanOrEqual(KILLS)
      }
    } finally {
      await api.close()
    }
  },
  TIMEOUT_MS,
)
