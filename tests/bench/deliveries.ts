import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECOND } from '@latchkey/core'
import { SAMPLE } from '@latchkey/sandbox'
import { make, type Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { deliveryOf, flowsAlert, hubSignature } from '../api/harness/meta-webhooks.ts'
import { latchkeyIn, SANDBOX } from './latchkey.ts'
import { quantile } from './measure.ts'
import { type Program, startProgram } from './processes.ts'

const ACCOUNTS = 50
const PER_SECOND = 200
const SECONDS = 15
const { graph } = SAMPLE

/**
 * How long Meta waits for the answer to an alert: 200 a second, each a new one for one of 50 accounts, sent whether or
 * not the ones before are answered, while Latchkey does what follows from them.
 */
export async function benchDeliveries(say: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  const started: Program[] = []
  try {
    const sandbox = await startProgram(...SANDBOX)
    started.push(sandbox)
    const latchkey = await startProgram(...latchkeyIn(folder))
    started.push(latchkey)
    const api: Requesting = {
      adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
      request: (path, init) => fetch(latchkey.url + path, init),
    }
    const address = await makeAccounts(api, sandbox.url)
    const timings = await deliverAll(`${latchkey.url}/v1/webhooks/meta/${address}`)
    const sorted = timings.toSorted((a, b) => a - b)
    const [median, most, slowest] = [0.5, 0.99, 1].map((part) => quantile(sorted, part))
    say('')
    say(
      `${sorted.length} alerts, ${PER_SECOND} a second, are answered within ${ms(median)} ms at the median, ${ms(most)} at 99 % (aim: at most 1000), ${ms(slowest)} at the most`,
    )
  } finally {
    for (const program of started) program.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

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

function ms(value = Number.NaN): string {
  return value.toFixed(1)
}
