import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../serve.ts'
import { containing } from '../testing/containing.ts'
import { KEY_A } from '../testing/keys.ts'
import { sendRaw } from '../testing/raw-http.ts'
import { fleetNumberId, SAMPLE } from '../world.ts'
import { sandboxControl } from './client.ts'
import type { SandboxControl } from './control.ts'

const { graph, kaleyra, onprem } = SAMPLE

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const CONTROLS: readonly [string, () => SandboxControl][] = [
  ['in its own process', () => sandbox.control],
  ['over HTTP', () => sandboxControl(sandbox.url)],
]

async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error'
  }
}

function me(): string {
  return `${sandbox.graphUrl}/${graph.version}/me?access_token=${graph.accessToken}`
}

for (const [where, of] of CONTROLS)
  describe(`the control ${where}`, () => {
    test('sets, counts, lists and clears faults', async () => {
      const control = of()
      const rule = {
        upstream: 'graph' as const,
        method: 'GET',
        path: '/*/me',
        times: 2,
        skip: 1,
        answer: { kind: 'respond' as const, status: 503 },
      }
      const { id } = await control.addFault(rule)
      const statuses: number[] = []
      for (let count = 0; count < 4; count += 1) statuses.push((await sendRaw(me())).status)
      expect(statuses).toEqual([200, 503, 503, 200])
      expect(await control.faults()).toEqual([{ id, rule, remaining: 0, struck: 2 }])
      await control.removeFault(id)
      await control.addFault({ ...rule, times: null })
      await control.clearFaults('kaleyra')
      expect(await control.faults()).toEqual([containing({ remaining: null })])
      await control.clearFaults('graph')
      expect(await control.faults()).toEqual([])
    })

    test('shows what was asked, in order, with headers, fields and what became of it', async () => {
      const control = of()
      const { id } = await control.addFault({ upstream: 'graph', answer: { kind: 'reset' } })
      await sendRaw(me())
      await sendRaw(`${sandbox.kaleyraUrl}/v2/S/whatsapp/%2B1/flows_encryption`, {
        method: 'POST',
        headers: { 'api-key': 'k', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'a=1&b=%2B',
      })
      const { requests, dropped } = await control.requests()
      expect(dropped).toBe(0)
      expect(requests).toMatchObject([
        {
          upstream: 'graph',
          method: 'GET',
          path: `/${graph.version}/me`,
          query: { access_token: graph.accessToken },
          fault: id,
          status: null,
        },
        {
          upstream: 'kaleyra',
          method: 'POST',
          path: '/v2/S/whatsapp/%2B1/flows_encryption',
          headers: { 'api-key': 'k' },
          encoding: 'form',
          fields: { a: '1', b: '+' },
          bodyBytes: 9,
          fault: null,
          status: 401,
        },
      ])
      const filter = { upstream: 'kaleyra', method: 'post', path: '/v2/*/whatsapp/+1/**' } as const
      expect((await control.requests(filter)).requests.length).toBe(1)
      expect((await control.requests({ path: '/none' })).requests).toEqual([])
      await control.clearRequests()
      expect((await control.requests()).requests).toEqual([])
    })

    test('turns numbers, and reads their state', async () => {
      const control = of()
      const key = { pem: KEY_A, status: 'VALID' as const }
      await control.setNumber('kaleyra', kaleyra.phoneNumber, { key })
      await control.reregister('kaleyra', kaleyra.phoneNumber)
      await control.setNumber('onprem', onprem.phoneNumber, { registered: false })
      expect((await control.state('kaleyra')).numbers[0]).toEqual({
        id: kaleyra.phoneNumber,
        registered: true,
        key: { pem: KEY_A, status: 'MISMATCH' },
        writes: 0,
        history: [],
      })
      expect((await control.state('onprem')).numbers[0]?.registered).toBe(false)
    })

    test('turns knobs, and shows them', async () => {
      const control = of()
      await control.setKnobs('graph', { envelope: 'flat' })
      expect((await control.state('graph')).knobs).toMatchObject({
        envelope: 'flat',
        unset: 'empty-list',
      })
    })

    test('puts the clock forward, and makes tokens worthless', async () => {
      const control = of()
      const before = await control.advanceClock(0)
      expect((await control.advanceClock(60_000)) - before).toBeGreaterThanOrEqual(60_000)
      await control.expireTokens('graph')
      expect((await sendRaw(me())).status).toBe(401)
    })

    test('restarts the containers of a deployment, and drops its table', async () => {
      const control = of()
      const before = (await control.state('onprem')).details
      await control.dropCertsTable()
      expect((await control.state('onprem')).details).toEqual({ ...before, stored: null })
      await control.restart()
      const after = (await control.state('onprem')).details
      expect(after).toMatchObject({ webapp: 'up', served: { origin: 'generated' } })
      expect(after.stored).toEqual(after.served)
      expect(after.served).not.toEqual(before.served)
      await control.restart('coreapp')
      expect((await control.state('onprem')).details).toEqual(after)
    })

    test('shows the PBX, lets its callers in again, and signs its events', async () => {
      const control = of()
      await control.unblock()
      expect((await control.state('pbx')).details).toEqual({
        certificates: [],
        uploads: [],
        httpsCertificate: 'default',
        liveTokens: 0,
        blocked: false,
      })
      const { headers, body } = await control.signEvent({ name: 'x', type: 'security' })
      expect(headers['x-signature']).toMatch(/^[A-Za-z0-9+/]{43}=$/)
      expect(JSON.parse(body)).toMatchObject({ msg: { event_name: 'x', event_type: 'security' } })
    })

    test('resets everything, to a fleet where one is asked for', async () => {
      const control = of()
      await control.setKnobs('graph', { envelope: 'flat' })
      await control.addFault({ upstream: 'graph', answer: { kind: 'reset' } })
      await control.reset({ graphNumbers: 2 })
      const { knobs, numbers } = await control.state('graph')
      expect(knobs.envelope).toBe('data')
      expect(numbers.map((each) => each.id)).toEqual([fleetNumberId(0), fleetNumberId(1)])
      expect(await control.faults()).toEqual([])
      expect(await control.incidents()).toEqual([])
    })

    test('names what is wrong with what it is given', async () => {
      const control = of()
      const number = await problemOf(control.reregister('graph', '9'))
      expect(number).toContain('number is not one of graph: 9')
      const code = control.addFault({
        upstream: 'onprem',
        answer: { kind: 'vendor-error', code: 1 },
      })
      expect(await problemOf(code)).toContain('answer.code is not an error code of onprem')
      const path = control.addFault({ upstream: 'graph', path: 'me', latencyMs: 1 })
      expect(await problemOf(path)).toContain('path must start with /')
      expect(await problemOf(control.removeFault('fault-0'))).toContain('id is not a fault')
    })
  })

async function send(method: string, path: string, body = ''): Promise<readonly unknown[]> {
  const answer = await sendRaw(`${sandbox.url}${path}`, { method, body })
  return [answer.status, answer.body]
}

describe('the control API', () => {
  test('answers 400 with a reason for what it cannot read', async () => {
    expect(await send('POST', '/_sandbox/faults', '{')).toEqual([
      400,
      '{"error":"The body must be JSON"}',
    ])
    expect(await send('PATCH', '/_sandbox/graph/knobs', '{"unset":"maybe"}')).toEqual([
      400,
      '{"error":"unset must be one of empty-list, blank-key, missing-key"}',
    ])
    expect(await send('PATCH', '/_sandbox/graph/knobs', '{"colour":1}')).toEqual([
      400,
      '{"error":"colour is not a known field"}',
    ])
    expect(await send('GET', '/_sandbox/meta/state')).toEqual([
      400,
      '{"error":"upstream must be one of graph, onprem, kaleyra, pbx"}',
    ])
  })

  test('answers its health, and 404 for whatever is not there', async () => {
    expect(await send('GET', '/_sandbox/health')).toEqual([200, '{"ok":true}'])
    expect((await send('GET', '/nothing'))[0]).toBe(404)
  })
})
