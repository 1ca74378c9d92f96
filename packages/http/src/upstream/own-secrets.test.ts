import { Fault } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import type { Transport } from '../transport/transport.ts'
import { createUpstream } from './create-upstream.ts'

const BASE = 'https://pbx.example.com'
const PASSWORD = 'correct horse: battery'
const BASIC = btoa(`admin:${PASSWORD}`)
const PROOF = '5f2b'.repeat(16)

const FORM_PROOF = 'c0de'.repeat(16)

const REQUEST = {
  method: 'POST',
  path: ['v1'],
  query: [
    ['fields', 'id,display_phone_number,verified_name'],
    ['appsecret_proof', PROOF],
  ],
  headers: {
    Authorization: `Basic ${BASIC}`,
    'api-key': 'k3y-of-mine',
    Accept: 'text/plain',
    'Content-Type': 'application/x-www-form-urlencoded',
  },
  body: `appsecret_proof=${FORM_PROOF}`,
} as const

function upstreamOver(send: Transport['send']) {
  const transport = { send, readLeaf: null }
  const policy = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })
  return createUpstream({ transport, policy, clock: impatientClock(), random })
}

/** The fault of a call whose upstream says this. */
function told(words: { message?: string; code?: string; requestId?: string }): Promise<Fault> {
  const upstream = upstreamOver(async () => new Response('{}', { status: 400 }))
  const respond = () => {
    throw new Fault('upstream_rejected', 'Cannot read: refused', {
      upstream: { status: 400, ...words },
    })
  }
  return faultOf(upstream, { ...callTo(BASE, { request: REQUEST, respond }), secrets: [PASSWORD] })
}

// An upstream repeats what it was sent in its error, and whoever may read numbers learns the credentials.
describe('perform() masks in the upstream’s message', () => {
  test.each([
    ['a header', `bad key k3y-of-mine`, 'bad key ***'],
    ['a whole Authorization header', `got "Basic ${BASIC}"`, 'got "***"'],
    ['its credentials', `got ${BASIC}`, 'got ***'],
    ['a credential of the connection', `wrong ${PASSWORD}`, 'wrong ***'],
    ['an opaque value of a form', `body ${FORM_PROOF}`, 'body ***'],
    ['its password in a URL', `?p=${encodeURIComponent(PASSWORD)}`, '?p=***'],
    ['an opaque query value', `proof ${PROOF}`, 'proof ***'],
    ['nothing else', 'text/plain of verified_name', 'text/plain of verified_name'],
  ])('%s', async (_what, message, expected) => {
    expect((await told({ message })).upstream?.message).toBe(expected)
  })
})

test('perform() masks a credential of the connection that a header wraps, and the header', async () => {
  const token = 'EAAG-token/of+mine'
  const request = { ...REQUEST, headers: { Authorization: `Bearer ${token}` } }
  const inWords = [`Bearer ${token}`, token, encodeURIComponent(token), btoa(`admin:${token}`)]
  const message = inWords.join(' and ')
  const respond = () => {
    throw new Fault('upstream_rejected', 'Cannot read: refused', {
      upstream: { status: 400, message },
    })
  }
  const upstream = upstreamOver(async () => new Response('{}', { status: 400 }))
  const fault = await faultOf(upstream, {
    ...callTo(BASE, { request, respond }),
    secrets: [token],
  })
  // Of base64 the characters that the name has a part in stay.
  expect(fault.upstream?.message).toMatch(/^\*{3} and \*{3} and \*{3} and \S{8}\*{3}\S{0,4}$/)
})

// Basic is base64 of the name and the password: neither shows as it is.
test('perform() masks a credential inside of base64, wherever it begins', async () => {
  for (const name of ['', 'a', 'ad', 'adm']) {
    const basic = btoa(`${name}:${PASSWORD}`)
    const { upstream } = await told({ message: basic, requestId: basic })
    expect(upstream?.message?.length).toBeLessThan(12)
    expect(upstream?.requestId).toBe(undefined)
  }
})

test('perform() leaves a code or request id out that repeats a secret', async () => {
  const parts = await told({ code: PROOF.slice(0, 16), requestId: `r-${PROOF.slice(4, 20)}` })
  expect(parts.upstream).toEqual({ status: 400 })
  const fault = await told({ code: 'E-k3y-of-mine', requestId: PROOF })
  expect(fault.upstream).toEqual({ status: 400 })
  expect((await told({ code: 'E1', requestId: 'r-1' })).upstream).toEqual({
    status: 400,
    code: 'E1',
    requestId: 'r-1',
  })
})

// The header comes back as the request's id, which is logged, stored and shown: after a success too.
test('perform() takes no request id from a header that repeats a secret', async () => {
  const headers = { 'x-request-id': BASIC }
  const good = upstreamOver(async () => new Response('ok', { headers }))
  const outcome = await good.perform(callTo(BASE, { request: REQUEST }))
  expect(outcome.requestId).toBe(null)
  const redirect = { status: 302, headers: { ...headers, location: '/' } }
  const bad = upstreamOver(async () => new Response(null, redirect))
  const fault = await faultOf(bad, callTo(BASE, { request: REQUEST }))
  expect(fault.upstream).toEqual({ status: 302 })
})
