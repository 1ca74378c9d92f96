import { SAMPLE } from '@latchkey/sandbox'
import type { SandboxControl } from '@latchkey/sandbox/control'
import * as z from 'zod'
import { connectionTo, UPSTREAM_NUMBERS } from '../api/harness/client.ts'
import type { TestKey } from '../api/harness/keys.ts'
import { faultAnswers, type SandboxUpstream } from './echoes.ts'
import type { Observed } from '../support/observed-process.ts'
import type { Watched } from './watched.ts'

const UPSTREAMS = ['graph', 'onprem', 'kaleyra'] as const

/** Secrets that nothing here uses, but that are stored. */
export const IDLE_SECRETS = {
  previousAppSecret: 'canary-previous-app-secret',
  verifyToken: 'canary-verify-token',
} as const
export const WRONG_SECRETS = {
  token: 'lk_canary-token-that-nobody-has-given-out-0000000000',
  jwt: 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjYW5hcnkifQ.canary-signature',
  basic: btoa('canary-user:canary-password'),
  accessToken: 'canary-token with a blank',
  idempotencyKey: 'canary-idempotency-key',
} as const

const made = z.object({ id: z.string() })
const minted = z.object({ token: z.string() })

interface Target {
  readonly api: Observed
  readonly watched: Watched
  readonly key: TestKey
}

interface Place {
  readonly upstream: SandboxUpstream
  readonly connection: string
  readonly keyPath: string
}

/** Uses the API as widely as it goes. */
export async function useEverything(target: Target): Promise<void> {
  const places: Place[] = []
  for (const upstream of UPSTREAMS) places.push(await connect(target, upstream))
  for (const place of places) await succeed(target, place)
  await presentWrongSecrets(target, places)
  await Promise.all(places.map((place) => failInEveryWay(target, place)))
  await readEverything(target, places)
}

/** The secrets that went over the wire, to one upstream or to all, sessions and proofs included. */
export async function secretsOnTheWire(
  sandbox: SandboxControl,
  upstream?: SandboxUpstream,
): Promise<readonly string[]> {
  const { requests } = await sandbox.requests(upstream === undefined ? {} : { upstream })
  const sent = requests.flatMap(({ headers, query, fields }) => [
    headers['authorization']?.replace(/^\S+ /, ''),
    headers['api-key'],
    query['appsecret_proof'],
    fields['appsecret_proof'],
  ])
  return [...new Set(sent.filter((each) => each !== undefined))]
}

/** Makes a token, which its answer alone may show, and a repeat of it. */
export async function mintToken({ api }: Pick<Target, 'api'>): Promise<string> {
  const send = () =>
    api.request('/v1/tokens', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.adminToken}`,
        'content-type': 'application/json',
        'idempotency-key': WRONG_SECRETS.idempotencyKey,
      },
      body: JSON.stringify({ name: 'canary', scopes: ['admin'] }),
    })
  const { token } = minted.parse(await (await send()).json())
  const repeated = minted.parse(await (await send()).json())
  if (repeated.token !== token) throw new Error('Cannot repeat: another token was made')
  return token
}

async function make({ watched }: Target, path: string, json: unknown): Promise<string> {
  const sent = await watched.call('POST', path, { json })
  return made.parse(sent.json).id
}

async function connect(target: Target, upstream: SandboxUpstream): Promise<Place> {
  const draft = connectionTo(target.api, upstream)
  const idle = upstream === 'graph' ? IDLE_SECRETS : {}
  const credentials = { ...draft.credentials, ...idle }
  const connectionId = await make(target, '/v1/connections', { ...draft, credentials })
  const upstreamId = UPSTREAM_NUMBERS[upstream]
  const numberId = await make(target, '/v1/numbers', { connectionId, upstreamId })
  const keyPath = `/v1/numbers/${numberId}/encryption-key`
  return { upstream, connection: `/v1/connections/${connectionId}`, keyPath }
}

async function succeed({ watched, key }: Target, { keyPath, connection }: Place): Promise<void> {
  const json = { publicKey: key.pem }
  await watched.call('PUT', keyPath, { json, headers: { 'idempotency-key': 'a-publish' } })
  await watched.call('PUT', keyPath, { json, headers: { 'idempotency-key': 'a-publish' } })
  for (const accept of ['application/json', 'application/x-pem-file', 'application/jwk+json']) {
    await watched.call('GET', `${keyPath}?fresh=true`, { headers: { accept } })
  }
  await watched.call('POST', `${connection}/check`)
  await watched.call('POST', `${connection}/discover`)
  await watched.call('PATCH', connection, { json: { name: 'renamed' } })
}

async function presentWrongSecrets({ watched }: Target, places: readonly Place[]): Promise<void> {
  const { token, jwt, basic, accessToken } = WRONG_SECRETS
  for (const authorization of [`Bearer ${token}`, `Bearer ${jwt}`, `Basic ${basic}`, token]) {
    await watched.call('GET', '/v1/numbers', { token: null, headers: { authorization } })
  }
  await watched.call('GET', `/v1/numbers?access_token=${token}`, { token: null })
  for (const { connection } of places) {
    const wrong = [{ accessToken }, { apiKey: accessToken }, { password: `${accessToken}\n` }]
    for (const credentials of wrong) {
      await watched.call('PATCH', connection, { json: { credentials } })
      await watched.call('PATCH', connection, { json: { config: credentials } })
    }
  }
  const inUrl = `https://user:${accessToken.replaceAll(' ', '')}@example.com`
  const config = { baseUrl: inUrl }
  const { credentials } = { credentials: { username: 'x', password: IDLE_SECRETS.verifyToken } }
  const json = { provider: 'onprem', name: 'x', config, credentials }
  await watched.call('POST', '/v1/connections', { json })
}

async function failInEveryWay(target: Target, place: Place): Promise<void> {
  const { api, watched, key } = target
  const { upstream, keyPath, connection } = place
  const { sandbox } = api
  // What was patched before has ended the session.
  await watched.call('POST', `${connection}/check`)
  const secrets = await secretsOnTheWire(sandbox, upstream)
  for (const answer of faultAnswers(upstream, secrets)) {
    const fault = await sandbox.addFault({ upstream, times: null, answer })
    await watched.call('PUT', keyPath, { json: { publicKey: key.pem } })
    // A read is tried again after most of the others, which takes its time and shows nothing more.
    if (answer.kind === 'redirect' || (answer.kind === 'respond' && answer.status < 429)) {
      await watched.call('POST', `${connection}/check`)
    }
    const struck = (await sandbox.faults()).find(({ id }) => id === fault.id)
    if (struck === undefined || struck.struck === 0) {
      throw new Error(`Cannot test: nothing met ${answer.kind} of ${upstream}`)
    }
    await sandbox.removeFault(fault.id)
  }
  // Credentials that were refused are not tried again for a while: this comes last.
  await sandbox.expireTokens(upstream)
  await sandbox.addFault({
    upstream,
    times: null,
    answer: { kind: 'respond', status: 401, json: { message: secrets.join(' ') } },
  })
  await watched.call('GET', `${keyPath}?fresh=true`)
  await watched.call('POST', `${connection}/check`)
  await watched.call('POST', `${connection}/discover`)
  await sandbox.clearFaults(upstream)
}

async function readEverything({ watched }: Target, places: readonly Place[]): Promise<void> {
  for (const { connection, keyPath } of places) {
    for (const path of [connection, keyPath, keyPath.replace('/encryption-key', '')]) {
      await watched.call('GET', path)
    }
  }
  const paths = [
    '/',
    '/docs',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/.well-known/latchkey.json',
    '/v1/providers',
    '/v1/connections',
    '/v1/numbers',
    '/v1/tokens',
    '/v1/events?limit=200',
    '/v1/events/verify',
    `/v1/events?subject=${SAMPLE.graph.wabaId}`,
  ]
  for (const path of paths) await watched.call('GET', path)
}
