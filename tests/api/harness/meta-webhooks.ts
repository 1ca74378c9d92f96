import { hmacSha256, toHex, toUtf8 } from '@latchkey/crypto'
import { SAMPLE } from '@latchkey/sandbox'
import { call, make, connectionTo, type Sent } from './client.ts'
import type { ApiHarness } from './harness.ts'

export const APP_SECRET = SAMPLE.graph.appSecret
export const VERIFY_TOKEN = 'verify-token-of-the-test-0001'

export interface Change {
  readonly field: string
  readonly value: Readonly<Record<string, unknown>>
}

/** A flows alert as Meta's page has it. */
export function flowsAlert(
  errorType: string,
  changes: Readonly<Record<string, unknown>> = {},
): Change {
  return {
    field: 'flows',
    value: {
      event: 'ENDPOINT_ERROR_RATE',
      flow_id: '6627390910605886',
      message: 'The error rate of the endpoint is above 10 %',
      error_rate: 14.3,
      threshold: 10,
      alert_state: 'ACTIVATED',
      requests_count: 200,
      errors: [{ error_type: errorType, error_rate: 50, error_count: 100 }],
      ...changes,
    },
  }
}

/** One entry for each account. Text is escaped as Meta escapes it, so that who writes it anew breaks the signature. */
export function deliveryOf(
  entries: readonly { readonly id: string; readonly time?: number; readonly changes: unknown }[],
  now = Date.now(),
): string {
  const time = Math.floor(now / 1000)
  const body = {
    object: 'whatsapp_business_account',
    entry: entries.map((each) => ({ time, ...each })),
  }
  return JSON.stringify(body).replaceAll('/', String.raw`\/`)
}

export async function hubSignature(body: string, secret: string = APP_SECRET): Promise<string> {
  return `sha256=${toHex(await hmacSha256(secret, toUtf8(body)))}`
}

export interface Delivering {
  /** Null: none. */
  readonly signature?: string | null
  readonly secret?: string
}

/** Sends a delivery to a connection, signed with the sample app's secret unless told otherwise. */
export async function deliver(
  api: Pick<ApiHarness, 'request' | 'adminToken'>,
  connectionId: string,
  body: string,
  { secret, signature }: Delivering = {},
): Promise<Sent> {
  const signed = signature === undefined ? await hubSignature(body, secret) : signature
  return call(api, 'POST', `/v1/webhooks/meta/${connectionId}`, {
    token: null,
    body,
    ...(signed === null ? {} : { headers: { 'x-hub-signature-256': signed } }),
  })
}

/** A connection to the sandbox's Graph, as an account of its own. */
export function makeAccount(
  api: ApiHarness,
  wabaId: string,
  {
    config = {},
    credentials = {},
  }: {
    readonly config?: Readonly<Record<string, unknown>>
    readonly credentials?: Readonly<Record<string, string | null>>
  } = {},
): Promise<string> {
  const usual = connectionTo(api, 'graph')
  const given = { ...usual.credentials, verifyToken: VERIFY_TOKEN, ...credentials }
  return make(api, '/v1/connections', {
    ...usual,
    config: { ...usual.config, wabaId, ...config },
    credentials: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
  })
}

/** How often each number's key was read since the requests were last cleared. */
export async function readsByNumber(api: ApiHarness): Promise<Readonly<Record<string, number>>> {
  const { requests } = await api.sandbox.requests({ upstream: 'graph', method: 'GET' })
  const counts: Record<string, number> = {}
  for (const { path } of requests) {
    const number = /\/(\d+)\/whatsapp_business_encryption$/.exec(path)?.[1]
    if (number !== undefined) counts[number] = (counts[number] ?? 0) + 1
  }
  return counts
}

/** Whose events tell what a connection was told. */
export function inboxOf(connectionId: string): string {
  return `ntc_${connectionId.slice('con_'.length)}`
}
