import { SAMPLE } from '@latchkey/sandbox'
import { describe, expect, test } from 'vitest'
import { openHostHarness } from '../api/harness/host.ts'
import { freshKey } from '../api/harness/keys.ts'
import { type Observed, openProcess } from '../support/observed-process.ts'
import { startServer } from '../support/server.ts'
import { canaryFinder, canarySpellings } from './canaries.ts'
import {
  IDLE_SECRETS,
  mintToken,
  secretsOnTheWire,
  useEverything,
  WRONG_SECRETS,
} from './scenario.ts'
import { filesBelow, watch } from './watched.ts'

const HOURS = 3_600_000

/** The key-encryption key, and the admin token that the process is started with. */
const KEK = 'Y2FuYXJ5LWtleS1lbmNyeXB0aW9uLWtleS0zMi1ieXQ'
const ADMIN = 'lk_canary-admin-token-of-the-process-0123456789ab'
const ENV = {
  LATCHKEY_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'canary', k: KEK }] }),
}

async function everySecretOf(api: Observed, token: string): Promise<Map<string, string>> {
  const { graph, onprem, kaleyra } = SAMPLE
  const onTheWire = await secretsOnTheWire(api.sandbox)
  expect(onTheWire.length).toBeGreaterThanOrEqual(5)
  return new Map([
    ['the admin token', api.adminToken],
    ['a token', token],
    ['the key-encryption key', KEK],
    ['the key-encryption key, raw', Buffer.from(KEK, 'base64url').toString('latin1')],
    ['the access token', graph.accessToken],
    ['the app secret', graph.appSecret],
    ['the password', onprem.password],
    ['the API key', kaleyra.apiKey],
    ...Object.entries({ ...IDLE_SECRETS, ...WRONG_SECRETS }),
    ...onTheWire.map((secret, index) => [`secret ${index} on the wire`, secret] as const),
  ])
}

/** Does all that there is to do, then looks for every secret in all that came out and was kept. */
async function expectNoSecret(api: Observed, idle: () => Promise<void>): Promise<void> {
  const watched = watch(api)
  const token = await mintToken({ api })
  await useEverything({ api, watched, key: await freshKey() })
  await idle()
  await watched.call('GET', '/v1/events?limit=200', { token })
  const found = canaryFinder(await everySecretOf(api, token))
  const outputs = [...watched.told(), ...filesBelow(api.folder)]
  expect(outputs.length).toBeGreaterThan(200)
  for (const { where, content } of outputs) expect(found(content), where).toBe(null)
}

describe('no secret shows in any answer, log line, event or file', () => {
  // Upstreams that fail in every way, and repeat in every place what they were sent.
  test('of the program in this process', async () => {
    const api = await openHostHarness({ env: ENV })
    try {
      await expectNoSecret(api, () => api.advance(12 * HOURS))
    } finally {
      await api.close()
    }
  }, 60_000)

  test('of the server, a process of its own with all that it prints', async () => {
    const api = await openProcess({ ...ENV, LATCHKEY_ADMIN_TOKEN: ADMIN })
    try {
      await expectNoSecret(api, () => Promise.resolve())
    } finally {
      await api.close()
    }
  }, 60_000)
})

// A start that fails is looked at by many: over a shoulder, in a ticket, in the log of a platform.
test.each([
  ['keys that are not JSON', { LATCHKEY_KEYS: `{"keys": ${KEK}` }],
  [
    'a key of another length',
    { LATCHKEY_KEYS: `{"keys":[{"kty":"oct","kid":"a","k":"${KEK}AA"}]}` },
  ],
  [
    'a key that is not symmetric',
    { LATCHKEY_KEYS: `{"keys":[{"kty":"RSA","kid":"a","d":"${KEK}"}]}` },
  ],
  ['an admin token with a blank', { LATCHKEY_ADMIN_TOKEN: `${ADMIN} ` }],
  ['an issuer without an audience', { LATCHKEY_OIDC_ISSUERS: `https://user:${ADMIN}@example.com` }],
  ['a database', { DATABASE_URL: `postgres://user:${ADMIN}@127.0.0.1:1/x` }],
  ['a host with a password', { LATCHKEY_UPSTREAM_HOSTS: `https://user:${ADMIN}@example.com` }],
])('a start that fails by %s prints one line without a secret', async (_name, env) => {
  const server = startServer({ ...ENV, LATCHKEY_ADMIN_TOKEN: ADMIN, PORT: '0', ...env })
  expect(await server.ended).toBe(1)
  expect(server.lines).toHaveLength(1)
  const found = canaryFinder(
    new Map([
      ['a secret', KEK],
      ['a token', ADMIN],
    ]),
  )
  expect(found(server.lines.join('\n'))).toBe(null)
})

describe('the search', () => {
  test('finds a secret in every spelling, and inside of base64', () => {
    const secret = 'pässword "with" marks/+1'
    const found = canaryFinder(new Map([['it', secret]]))
    for (const text of canarySpellings(secret)) expect(found(`<${text}>`)).not.toBe(null)
    for (const around of ['', 'u:', 'us:', 'use:']) {
      expect(found(btoa(`${around}${Buffer.from(secret).toString('latin1')}${around}`))).not.toBe(
        null,
      )
    }
    expect(found('nothing')).toBe(null)
  })
})
