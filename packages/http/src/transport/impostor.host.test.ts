import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { Authority, fingerprintOf } from '../testing/certificates.ts'
import { listenImpostor } from '../testing/impostor.ts'
import type { Certificate } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import { createSocketTransport } from './socket-transport.ts'

const NAME = 'pbx.example.com'
const policy = createHostPolicy({ allowPrivate: '127.0.0.0/8', upstreamHosts: '' })

let authority: Authority
let leaf: Certificate
beforeAll(() => {
  authority = new Authority('Own CA')
  leaf = authority.leaf(NAME)
})
afterAll(() => authority.close())

function upstreamWith() {
  const transport = createSocketTransport({ policy, resolve: async () => ['127.0.0.1'] })
  return createUpstream({ transport, policy, clock: impatientClock(), random, timeoutMs: 500 })
}

// A certificate is public. Who copies it and gets in between has all but its key; that a runtime still makes sure of
// the key when it is told not to look at the certificate is not to be taken for granted.
describe.each(['TLSv1.2', 'TLSv1.3'] as const)('under %s', (version) => {
  test.each([
    ['tls.pinnedFingerprint', () => ({ pinnedFingerprint: fingerprintOf(leaf) })],
    ['tls.caCertificates', () => ({ caCertificates: authority.certificate.cert })],
  ])('%s does not let through who only copied the certificate', async (_name, tls) => {
    const { key } = authority.leaf(NAME)
    const impostor = await listenImpostor({ cert: leaf.cert, key }, version)
    const call = callTo(`https://${NAME}:${impostor.port}`, { tls: tls(), attempts: 1 })
    const fault = await faultOf(upstreamWith(), call)
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no' })
    expect([impostor.connections(), impostor.wasBelieved()]).toEqual([1, false])
    await impostor.close()
  })

  test('nobody’s certificate is read from who only copied it', async () => {
    const { key } = authority.leaf(NAME)
    const impostor = await listenImpostor({ cert: leaf.cert, key }, version)
    const origin = {
      baseUrl: `https://${NAME}:${impostor.port}`,
      hosts: { rule: 'operator' },
    } as const
    await expect(upstreamWith().servedCertificate?.(origin)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    })
    expect(impostor.wasBelieved()).toBe(false)
    await impostor.close()
  })

  // Else the tests above would prove nothing but that it speaks no TLS.
  test('the same server is believed where it has the key', async () => {
    const server = await listenImpostor(leaf, version)
    const tls = { pinnedFingerprint: fingerprintOf(leaf) }
    const call = callTo(`https://${NAME}:${server.port}`, { tls, attempts: 1 })
    await faultOf(upstreamWith(), call)
    expect(server.wasBelieved()).toBe(true)
    await server.close()
  })
})
