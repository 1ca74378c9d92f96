import { runDueTasks, type Services, taskHandlers } from '@latchkey/core'
import { createHostPolicy } from '@latchkey/http'
import { createCourier } from '@latchkey/http/courier'
import { HOSTILE_RESOLUTIONS, hostileBaseUrls } from '@latchkey/http/fixtures'
import { createSocketTransport } from '@latchkey/http/socket'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { makeEndpoint, makeSubject, rename } from '../api/harness/endpoints.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { type Listener, listen } from '../support/listener.ts'
import { openSuccessor, type Successor } from './inside.ts'

const EVENTS = ['connection.updated']

/** What a base URL must not have, as more is put behind it, and the whole URL of a receiver on a public host may. */
const HARMLESS = [
  'a query',
  'an encoded slash',
  'an encoded backslash',
  'a path parameter after dots',
  'an empty segment',
]

let api: HostHarness
let inside: Listener
beforeEach(async () => {
  api = await openHostHarness()
  inside = await listen()
})
afterEach(async () => {
  await api.close()
  await inside.close()
})

/** Lets one event be sent to an endpoint, and says what came of it. */
async function outcomeOf(
  program: Successor,
  endpointId: string,
  changes: Partial<Services> = {},
): Promise<string> {
  await rename(api, await makeSubject(api), 'told')
  const services = { ...program.services, ...changes }
  while ((await runDueTasks(services, program.queue, taskHandlers, { limit: 10 })) > 0);
  const path = `/v1/webhook-endpoints/${endpointId}/deliveries`
  return (await call(program, 'GET', path)).text
}

describe('a webhook endpoint', () => {
  // The URL of an endpoint is anybody's who may make one: it must not lead to what only we can reach.
  test('is not made with any URL that leads inside', async () => {
    const program = await openSuccessor(api.folder, { allowPrivate: '' })
    try {
      const admitted: string[] = []
      for (const { name, baseUrl } of hostileBaseUrls(inside.port)) {
        const json = { url: baseUrl, events: EVENTS }
        const { status } = await call(program, 'POST', '/v1/webhook-endpoints', { json })
        if (status !== 400) admitted.push(name)
      }
      expect(admitted).toEqual(HARMLESS)
      expect(inside.connections()).toBe(0)
    } finally {
      await program.queue.close()
    }
  })

  test('is sent nothing where the settings do not allow its host any more', async () => {
    const { id } = await makeEndpoint(api, `http://127.0.0.1:${inside.port}/`, EVENTS)
    const program = await openSuccessor(api.folder, { allowPrivate: '127.0.0.2' })
    try {
      expect(await outcomeOf(program, id)).toContain('"code":"invalid_request"')
      expect(inside.connections()).toBe(0)
    } finally {
      await program.queue.close()
    }
  })

  // The name was harmless when the endpoint was made; its owner's DNS zone now leads inside.
  test.each(HOSTILE_RESOLUTIONS)(
    'is not dialed where its name resolves to %s',
    async (_, addresses) => {
      const program = await openSuccessor(api.folder, { allowPrivate: '' })
      try {
        const { id } = await makeEndpoint(
          program,
          `https://hooks.example.com:${inside.port}/`,
          EVENTS,
        )
        const policy = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
        const transport = createSocketTransport({ policy, resolve: async () => addresses })
        const courier = createCourier({ transport, policy, clock: program.clock })
        const answer = await outcomeOf(program, id, { courier })
        expect(answer).toContain('"code":"upstream_unavailable"')
        // Where a name leads is not told to whom may only make endpoints.
        expect(answer).not.toMatch(/127\.0|169\.254|10\.1\.2|::/)
        expect(inside.connections()).toBe(0)
      } finally {
        await program.queue.close()
      }
    },
  )
})
