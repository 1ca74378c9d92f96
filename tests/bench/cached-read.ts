import { SAMPLE } from '@latchkey/sandbox'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { call, make, type Requesting } from '../api/harness/client.ts'
import { makeToken } from '../api/harness/tokens.ts'
import { apiAt } from './latchkey.ts'
import type { Shot } from './loader.ts'

/** The request of a limit, so that what counting costs is in what is measured. */
export const NO_LIMIT_IN_PRACTICE = { LATCHKEY_RATE_LIMIT: '1000000000' } as const

export interface CachedRead extends Shot {
  /** Reads the key at the upstream: it is answered from what is remembered for a minute. */
  readonly refresh: () => Promise<void>
}

/** A number with a key that was published, to be read by somebody with a token of Latchkey's. */
export async function cachedReadAt(url: string, upstream: string): Promise<CachedRead> {
  const admin = apiAt(url)
  const connectionId = await make(admin, '/v1/connections', {
    provider: 'graph',
    name: 'read',
    config: { baseUrl: upstream },
    credentials: { accessToken: SAMPLE.graph.accessToken },
  })
  const upstreamId = SAMPLE.graph.unsetNumberId
  const number = await make(admin, '/v1/numbers', { connectionId, upstreamId })
  const path = `/v1/numbers/${number}/encryption-key`
  await succeed(admin, 'PUT', path, { publicKey: FIXTURE_PEM })
  const { token } = await makeToken(admin, ['numbers:read'])
  return {
    url: url + path,
    headers: { authorization: `Bearer ${token}` },
    refresh: () => succeed(admin, 'GET', `${path}?fresh=true`),
  }
}

async function succeed(
  api: Requesting,
  method: string,
  path: string,
  json?: object,
): Promise<void> {
  const { status, text } = await call(api, method, path, json === undefined ? {} : { json })
  if (status !== 200) throw new Error(`Cannot ${method} ${path}: ${text}`)
}
