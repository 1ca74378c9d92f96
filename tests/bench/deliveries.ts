import { SECOND } from '@latchkey/core'
import { SAMPLE } from '@latchkey/sandbox'
import { make, type Requesting } from '../api/harness/client.ts'
import { deliveryOf, flowsAlert, hubSignature } from '../api/harness/meta-webhooks.ts'
import { apiAt, latchkeyIn, SANDBOX } from './latchkey.ts'
import { quantile } from './measure.ts'
import { withSite } from './site.ts'
import type { Bench } from './table/row.ts'

const ACCOUNTS = 50
const PER_SECOND = 200
const SECONDS = 15
const { graph } = SAMPLE

/**
 * How long Meta waits for the answer to an alert: 200 a second, each a new one for one of 50 accounts, sent whether or
 * not the ones before are answered, while Latchkey does what follows from them.
 */
export const benchDeliveries: Bench = (say) =>
  withSite(async ({ folder, start }) => {
    const sandbox = await start(...SANDBOX)
    const latchkey = await start(...latchkeyIn(folder))
    const address = await makeAccounts(apiAt(latchkey.url), sandbox.url)
    say(`sending ${PER_SECOND} alerts a second, for ${SECONDS} s`)
    const timings = await deliverAll(`${latchkey.url}/v1/webhooks/meta/${address}`)
    const sorted = timings.toSorted((a, b) => a - b)
    const what = `An alert of Meta is answered, of ${PER_SECOND} a second`
    const row = { unit: 'ms', direction: 'at most' } as const
    return [
      {
        id: 'deliveries/p50',
        what: `${what}: median`,
        value: quantile(sorted, 0.5),
        bound: null,
        ...row,
      },
      {
        id: 'deliveries/p99',
        what: `${what}: 99 %`,
        value: quantile(sorted, 0.99),
        bound: SECOND,
        ...row,
      },
    ]
  })

/** Connections to accounts of one app, one of them with a number; the one that the app's webhooks are sent to. */
async function makeAccounts(api: Requesting, baseUrl: string): Promise<string> {
  const ids: string[] = []
  for (let account = 0; account < ACCOUNTS; account += 1) {
    const id = await make(api, '/v1/connections', {
      provider: 'graph',
      name: wabaOf(account),
      config: { baseUrl, wabaId: wabaOf(account) },
      credentials: { accessToken: graph.accessToken, appSecret: graph.appSecret },
    })
    ids.push(id)
  }
  const [first = ''] = ids
  await make(api, '/v1/numbers', { connectionId: first, upstreamId: graph.unsetNumberId })
  return first
}

async function deliverAll(url: string): Promise<readonly number[]> {
  const began = performance.now()
  const sending: Promise<number>[] = []
  for (let index = 0; index < PER_SECOND * SECONDS; index += 1) {
    const change = flowsAlert('public-key-missing', { flow_id: String(index) })
    const body = deliveryOf([{ id: wabaOf(index % ACCOUNTS), changes: [change] }])
    const signature = await hubSignature(body)
    const due = began + (index * SECOND) / PER_SECOND
    const early = due - performance.now()
    if (early > 1) await new Promise((resolve) => void setTimeout(resolve, early))
    sending.push(deliver(url, body, { signature, due }))
  }
  return Promise.all(sending)
}

/** Milliseconds from when it was due, so that one that had to wait to be sent counts as waiting. */
async function deliver(
  url: string,
  body: string,
  { signature, due }: { readonly signature: string; readonly due: number },
): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
    body,
  })
  if (!answer.ok) throw new Error(`A delivery was answered ${answer.status}`)
  await answer.arrayBuffer()
  return performance.now() - due
}

function wabaOf(account: number): string {
  return String(400_000_000_000_000 + account)
}
