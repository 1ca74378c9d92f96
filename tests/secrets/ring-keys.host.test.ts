import { createPrivateKey } from 'node:crypto'
import { DAY, HOUR } from '@latchkey/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { makeNumber } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { armour } from '../api/harness/keys.ts'
import { openssl } from '../support/openssl.ts'
import { canaryFinder } from './canaries.ts'
import { traceFinder } from './key-traces.ts'
import { filesBelow, type Watched, watch } from './watched.ts'

const PASSPHRASE = 'canary-passphrase-of-a-ring-key'
const OUT = `-passout pass:${PASSPHRASE}`
const FORMS = {
  'PKCS#8': 'pkcs8 -topk8 -nocrypt',
  'PKCS#1': 'rsa -traditional',
  'encrypted PKCS#8': `pkcs8 -topk8 -v2 aes-256-cbc ${OUT}`,
  'PKCS#8 encrypted in the old way': `pkcs8 -topk8 -v1 PBE-SHA1-3DES ${OUT}`,
  'legacy encryption': `rsa -traditional -des3 ${OUT}`,
} as const

/** What of an RSA key is secret (RFC 7518 §6.3.2): the rest of it is in every public key. */
const SECRETS = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const
const secretNumbers = z.record(z.enum(SECRETS), z.string())

let api: HostHarness
let watched: Watched
beforeEach(async () => {
  api = await openHostHarness()
  watched = watch(api)
})
afterEach(() => api.close())

/** Finds any part of any secret number of the key, in any spelling. */
function secretFinders(pem: string, other: string) {
  const [mine, theirs] = [pem, other].map((each) =>
    secretNumbers.parse(
      Object.fromEntries(
        Object.entries(createPrivateKey(each).export({ format: 'jwk' })).filter(([name]) =>
          SECRETS.some((secret) => secret === name),
        ),
      ),
    ),
  )
  return SECRETS.map((name) => {
    const [secret, unlike] = [mine?.[name] ?? '', theirs?.[name] ?? ''].map((text) =>
      armour('SECRET', new Uint8Array(Buffer.from(text, 'base64url'))),
    )
    return [name, traceFinder(secret ?? '', unlike ?? '')] as const
  })
}

test('the search finds each secret number of a key in the file that holds it', () => {
  const [pem, other] = [openssl('genrsa 2048'), openssl('genrsa 2048')]
  for (const [name, found] of secretFinders(pem, other)) {
    expect(found(pem.replaceAll('\n', '')), name).not.toBe(null)
    expect(found(openssl('pkey -pubout', pem)), name).toBe(null)
  }
})

test.each(Object.entries(FORMS))(
  'a private key brought as %s shows in no answer, log line, event or file',
  async (_form, command) => {
    const [pem, other] = [openssl('genrsa 2048'), openssl('genrsa 2048')]
    const privateKey = openssl(command, pem)
    const passphrase = command.includes(OUT) ? { passphrase: PASSPHRASE } : {}
    const { numberId } = await makeNumber(api, 'graph')
    const add = (json: unknown, headers: Record<string, string> = {}) =>
      watched.call('POST', '/v1/keys', { json, headers })

    // Refused in every way first, then added, then brought again.
    await add({ privateKey: `${privateKey.slice(0, 900)}${privateKey.slice(950)}`, ...passphrase })
    if ('passphrase' in passphrase) await add({ privateKey, passphrase: 'another' })
    await add({ publicKey: privateKey })
    await add({ privateKey, ...passphrase, label: privateKey })
    await add({ privateKey, ...passphrase, [privateKey]: privateKey })
    await add({ privateKey: { pem: privateKey }, passphrase: [PASSPHRASE] })
    await add({ generate: true, privateKey, ...passphrase })
    const json = { privateKey, ...passphrase, label: 'Brought' }
    const sent = await add(json, { 'idempotency-key': 'once' })
    expect(sent.status, sent.text).toBe(201)
    await add(json, { 'idempotency-key': 'once' })
    await add(json)
    const { id } = z.object({ id: z.string() }).parse(sent.json)

    const path = `/v1/numbers/${numberId}/encryption-key`
    expect((await watched.call('PUT', path, { json: { keyId: id } })).status).toBe(200)
    await watched.call('PUT', path, { json: { publicKey: privateKey } })
    await watched.call('DELETE', `/v1/keys/${id}`)
    await watched.call('GET', `/v1/keys/${id}`)
    await watched.call('GET', '/v1/keys')
    const publicKey = openssl('pkey -pubout', other)
    await watched.call('PUT', path, { json: { publicKey } })
    await api.advance(DAY + HOUR)
    await api.advance(31 * DAY)
    await watched.call('DELETE', `/v1/keys/${id}`)
    await watched.call('GET', '/v1/events?limit=200')

    const outputs = [...watched.told(), ...filesBelow(api.folder)]
    const word = canaryFinder(new Map([['the passphrase', PASSPHRASE]]))
    const finders = secretFinders(pem, other)
    for (const { where, content } of outputs) {
      expect(word(content), where).toBe(null)
      for (const [name, found] of finders) expect(found(content), `${name} in ${where}`).toBe(null)
    }
    expect(await api.sandbox.incidents()).toEqual([])
  },
  30_000,
)
