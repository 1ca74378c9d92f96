import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { make, makeNumber, connectionTo } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { makeTrigger } from '../api/harness/triggers.ts'

const HUB = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
const MAC = { 'x-signature': `${'A'.repeat(43)}=` }
const STANDARD = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': '1700000000',
  'webhook-signature': `v1,${'A'.repeat(43)}=`,
}

// These addresses take no token: whoever floods them must not have a server read, look up or keep anything for it.
describe('what is not signed by anybody that a webhook is for', () => {
  let api: HostHarness
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    api = await openHostHarness()
    const { connectionId, numberId } = await makeNumber(api, 'graph')
    ids['graph'] = connectionId
    ids['pbx'] = await make(api, '/v1/connections', connectionTo(api, 'pbx'))
    const target = { numberId }
    ids['trigger'] = (await makeTrigger(api, { action: 'publish', target })).id
    ids['no connection'] = 'con_0000000000000000'
    ids['no trigger'] = 'trg_0000000000000000'
  })
  afterAll(() => api.close())

  async function send(path: string, headers: Readonly<Record<string, string>>) {
    let isRead = false
    const body = new ReadableStream(
      {
        pull(controller) {
          isRead = true
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    // Node takes no stream without it (WHATWG Fetch, "RequestInit").
    const init = { method: 'POST', headers, body, duplex: 'half' }
    const sent = await api.request(path, init)
    await sent.body?.cancel()
    const storage = /storage;dur=([\d.]+)/.exec(sent.headers.get('server-timing') ?? '')?.[1]
    return { isRead, status: sent.status, storage }
  }

  test.each([
    ['meta', 'graph'],
    ['pbx', 'pbx'],
  ])('is not read, and nothing is looked up for it, without a signature: %s', async (at, which) => {
    const sent = await send(`/v1/webhooks/${at}/${ids[which]}`, {})
    expect(sent).toEqual({ isRead: false, status: 401, storage: '0.0' })
  })

  test.each(Object.keys(STANDARD))('nor by a trigger without %s', async (name) => {
    const headers = { ...STANDARD, [name]: '' }
    const sent = await send(`/v1/triggers/${ids['trigger']}`, headers)
    expect(sent).toEqual({ isRead: false, status: 401, storage: '0.0' })
  })

  test.each<readonly [string, string, string, Readonly<Record<string, string>>]>([
    ['a connection that there is not', 'webhooks/meta', 'no connection', HUB],
    ['a connection of another provider', 'webhooks/meta', 'pbx', HUB],
    ['a connection without a secret', 'webhooks/pbx', 'pbx', MAC],
    ['a trigger that there is not', 'triggers', 'no trigger', STANDARD],
  ])('is not read for %s', async (_, at, which, headers) => {
    const sent = await send(`/v1/${at}/${ids[which]}`, headers)
    expect(sent).toMatchObject({ isRead: false, status: 401 })
  })
})
