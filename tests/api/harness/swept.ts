import { partitionOf } from '@latchkey/core'
import { call, connectionTo, make, UPSTREAM_NUMBERS } from './client.ts'
import { eventually } from './eventually.ts'
import type { ApiHarness, OpenApi } from './harness.ts'
import { eventsOf, publishTo } from './key-calls.ts'
import type { TestKey } from './keys.ts'

export const SWEEP_MS = 60_000

/** A Latchkey that reads every number once a minute of its clock. */
export function openSweeping(open: OpenApi): Promise<ApiHarness> {
  return open({ env: { LATCHKEY_SWEEP_SECONDS: String(SWEEP_MS / 1_000) } })
}

export type Loss = 'unset' | 'mismatch' | 'foreign'
type Readable = 'graph' | 'onprem'

/** A number that holds a key which Latchkey has published to it. */
export async function makePublished(
  api: ApiHarness,
  key: TestKey,
  {
    provider = 'graph',
    config = {},
  }: {
    readonly provider?: Readable | 'kaleyra'
    readonly config?: Readonly<Record<string, unknown>>
  } = {},
): Promise<string> {
  const usual = connectionTo(api, provider)
  const connectionId = await make(api, '/v1/connections', {
    ...usual,
    config: { ...usual.config, ...config },
  })
  const upstreamId = UPSTREAM_NUMBERS[provider]
  const id = await make(api, '/v1/numbers', { connectionId, upstreamId })
  const sent = await publishTo(api, id, key)
  if (sent.status !== 200) throw new Error(`Cannot publish: ${sent.text}`)
  await api.sandbox.clearRequests()
  return id
}

/** Has a sandbox's number lose its key. */
export async function lose(
  api: ApiHarness,
  loss: Loss,
  { provider = 'graph', other }: { readonly provider?: Readable; readonly other?: string } = {},
): Promise<void> {
  const number = UPSTREAM_NUMBERS[provider]
  if (loss === 'mismatch') return api.sandbox.reregister(provider, number)
  const key = loss === 'foreign' ? ({ pem: other ?? '', status: 'VALID' } as const) : null
  return api.sandbox.setNumber(provider, number, { key })
}

/** What the upstream itself holds, and how often it was written. */
export async function heldBy(api: ApiHarness, provider: Readable = 'graph') {
  const { numbers } = await api.sandbox.state(provider)
  const number = numbers.find(({ id }) => id === UPSTREAM_NUMBERS[provider])
  const { key = null, writes = 0 } = number ?? {}
  return { pem: key?.pem.trim() ?? null, status: key?.status ?? null, writes }
}

/** How often a key was read since the requests were last cleared. */
export async function readsOf(api: ApiHarness, provider: Readable = 'graph'): Promise<number> {
  const { requests } = await api.sandbox.requests({ upstream: provider, method: 'GET' })
  return requests.filter(({ path }) => path.endsWith('/whatsapp_business_encryption')).length
}

/** Has the next sweep come and be over; on workerd an alarm may have begun with it by itself. */
export async function sweep(api: ApiHarness, provider: Readable = 'graph'): Promise<void> {
  const before = await readsOf(api, provider)
  await api.advance(SWEEP_MS)
  await eventually(
    async () => {
      await api.advance(0)
      return readsOf(api, provider)
    },
    (reads) => reads > before,
  )
}

/** How often the log tells of something, once that is so often. */
export async function told(
  api: ApiHarness,
  numberId: string,
  { type, times }: { readonly type: string; readonly times: number },
): Promise<number> {
  return eventually(
    async () => {
      await api.advance(0)
      return (await eventsOf(api, numberId)).filter((event) => event.type === type).length
    },
    (count) => count >= times,
  )
}

export function connectionOf(numberId: string): string {
  return partitionOf({ kind: 'number', id: numberId })
}

/** Changes what a number's connection wants done about a lost key. */
export async function setRepair(api: ApiHarness, numberId: string, repair: string): Promise<void> {
  const json = { config: { repair } }
  const sent = await call(api, 'PATCH', `/v1/connections/${connectionOf(numberId)}`, { json })
  if (sent.status !== 200) throw new Error(`Cannot change: ${sent.text}`)
}
