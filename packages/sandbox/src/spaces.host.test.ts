import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxControl } from './control/client.ts'
import { startSandbox, type Sandbox } from './serve.ts'
import { sendRaw } from './testing/raw-http.ts'
import { SAMPLE } from './world.ts'

const { graph } = SAMPLE

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

function list(graphUrl: string) {
  const query = `limit=1&access_token=${graph.accessToken}`
  return sendRaw(`${graphUrl}/${graph.version}/${graph.wabaId}/phone_numbers?${query}`)
}

describe('space()', () => {
  test('serves a world apart: state, faults, records and clock', async () => {
    const [first, second] = [sandbox.space('first'), sandbox.space('second')]
    await first.control.addFault({ upstream: 'graph', answer: { kind: 'respond', status: 503 } })
    await first.control.expireTokens('graph')
    const before = await second.control.advanceClock(0)
    await first.control.advanceClock(1_000_000)
    expect((await list(first.graphUrl)).status).toBe(503)
    expect((await list(first.graphUrl)).status).toBe(401)
    expect((await list(second.graphUrl)).status).toBe(200)
    expect((await list(sandbox.graphUrl)).status).toBe(200)
    expect((await first.control.requests()).requests.length).toBe(2)
    expect((await second.control.requests()).requests.length).toBe(1)
    expect((await second.control.advanceClock(0)) - before).toBeLessThan(1_000_000)
  })

  test('is the same world for another process that asks for its URL', async () => {
    const space = sandbox.space('shared')
    const remote = sandboxControl(`${sandbox.url}/spaces/shared`)
    await remote.setKnobs('graph', { envelope: 'flat' })
    expect((await space.control.state('graph')).knobs.envelope).toBe('flat')
    expect((await sandbox.control.state('graph')).knobs.envelope).toBe('data')
  })

  test('keeps its path in paging.next, and out of what it records', async () => {
    const space = sandbox.space('paged')
    const { body } = await list(space.graphUrl)
    expect(body).toContain(`"next":"${space.graphUrl}/${graph.version}/`)
    const { requests } = await space.control.requests()
    expect(requests[0]?.path).toBe(`/${graph.version}/${graph.wabaId}/phone_numbers`)
    const none = await sendRaw(`${space.graphUrl}/none`)
    expect(none.body).toContain('"message":"Unknown path components: /none"')
  })

  test('refuses a name that cannot stand in a path', () => {
    expect(() => sandbox.space('a/b')).toThrow(RangeError)
    expect(() => sandbox.space('')).toThrow(RangeError)
  })
})
