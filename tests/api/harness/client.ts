import { SAMPLE } from '@latchkey/sandbox'
import * as z from 'zod'
import type { ApiHarness } from './harness.ts'

const made = z.object({ id: z.string() })

/** A Latchkey that can be asked, wherever it runs. */
export type Requesting = Pick<ApiHarness, 'request' | 'adminToken'>

export interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
  readonly text: string
}

export interface CallOptions {
  /** Sent as JSON, unless `body` is there. */
  readonly json?: unknown
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** A body of unknown length, in place of `body`. */
  readonly stream?: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The admin's by default; null for none. */
  readonly token?: string | null
}

/** Calls the API and reads the answer whole. */
export async function call(
  api: Requesting,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Sent> {
  const { json, body, stream, type, token = api.adminToken } = options
  const sent = stream ?? body ?? (json === undefined ? undefined : JSON.stringify(json))
  const response = await api.request(path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(sent === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...options.headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
    ...(stream === undefined ? {} : { duplex: 'half' }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** What a connection to each upstream of the sandbox is made with. */
export function connectionTo(
  api: Pick<ApiHarness, 'urls'>,
  provider: 'graph' | 'onprem' | 'kaleyra' | 'pbx',
) {
  const { graph, onprem, kaleyra, pbx } = SAMPLE
  switch (provider) {
    case 'graph':
      return {
        provider,
        name: 'graph',
        config: { baseUrl: api.urls.graph, wabaId: graph.wabaId },
        credentials: { accessToken: graph.accessToken, appSecret: graph.appSecret },
      }
    case 'onprem':
      return {
        provider,
        name: 'onprem',
        config: { baseUrl: api.urls.onprem },
        credentials: { username: onprem.username, password: onprem.password },
      }
    case 'kaleyra':
      return {
        provider,
        name: 'kaleyra',
        config: { baseUrl: api.urls.kaleyra, sid: kaleyra.sid },
        credentials: { apiKey: kaleyra.apiKey },
      }
    case 'pbx':
      return {
        provider,
        name: 'pbx',
        config: { baseUrl: api.urls.pbx },
        credentials: { clientId: pbx.clientId, clientSecret: pbx.clientSecret },
      }
  }
}

/** The sandbox's number of each upstream that takes a key. */
export const UPSTREAM_NUMBERS = {
  graph: SAMPLE.graph.unsetNumberId,
  onprem: SAMPLE.onprem.phoneNumber,
  kaleyra: SAMPLE.kaleyra.phoneNumber,
} as const

/** Makes something over the API; its id. */
export async function make(api: Requesting, path: string, json: unknown): Promise<string> {
  const sent = await call(api, 'POST', path, { json })
  if (sent.status !== 201) throw new Error(`Cannot make ${path}: ${sent.text}`)
  return made.parse(sent.json).id
}

/** A connection and a number on it. */
export async function makeNumber(
  api: Requesting & Pick<ApiHarness, 'urls'>,
  provider: 'graph' | 'onprem' | 'kaleyra',
  upstreamId: string = UPSTREAM_NUMBERS[provider],
): Promise<{ readonly connectionId: string; readonly numberId: string }> {
  const connectionId = await make(api, '/v1/connections', connectionTo(api, provider))
  return { connectionId, numberId: await make(api, '/v1/numbers', { connectionId, upstreamId }) }
}
