import { hostileBaseUrls } from '@latchkey/http/fixtures'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { AUDIENCE, mint, signingKey } from '../api/harness/mint.ts'
import { type Listener, listen } from '../support/listener.ts'
import { openSuccessor } from './inside.ts'

let api: HostHarness
let inside: Listener
beforeEach(async () => {
  api = await openHostHarness()
  inside = await listen()
})
afterEach(async () => {
  await api.close()
  await inside.close()
})

// The settings are the operator's, but a slip in them must not let everybody with a made-up token knock inside.
test('no hostile issuer is asked for its keys', async () => {
  const issuers = hostileBaseUrls(inside.port)
    .map(({ baseUrl }) => baseUrl)
    // Others are refused as a setting, or are a public name in disguise, which is no way inside.
    .filter((text) => /^https?:\/\/[^\s?#@,|]+$/.test(text) && URL.canParse(text))
    .filter((text) => !text.includes('example.com'))
  expect(issuers.length).toBeGreaterThan(60)
  const setting = issuers.map((issuer) => `${issuer}|${AUDIENCE}`).join(',')
  const env = { LATCHKEY_OIDC_ISSUERS: setting }
  const program = await openSuccessor(api.folder, { allowPrivate: '', env })
  try {
    const key = await signingKey('ES256', 'a')
    for (const issuer of issuers) {
      const token = await mint(issuer, key)
      const { status } = await program.call('GET', '/v1/numbers', { token })
      expect([401, 503], issuer).toContain(status)
    }
    expect(inside.connections()).toBe(0)
  } finally {
    await program.queue.close()
  }
})

test('an issuer that is allowed is asked', async () => {
  const issuer = `http://127.0.0.1:${inside.port}`
  const env = { LATCHKEY_OIDC_ISSUERS: `${issuer}|${AUDIENCE}` }
  const program = await openSuccessor(api.folder, { allowPrivate: '127.0.0.1', env })
  try {
    const token = await mint(issuer, await signingKey('ES256', 'a'))
    expect((await program.call('GET', '/v1/numbers', { token })).status).toBe(503)
    expect(inside.connections()).toBeGreaterThan(0)
  } finally {
    await program.queue.close()
  }
})
