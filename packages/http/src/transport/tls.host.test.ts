import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { type Listener, listenHttps } from '../testing/loopback.ts'
import { createUpstream } from '../upstream/create-upstream.ts'
import type { Resolve } from './resolve.ts'
import { createSocketTransport } from './socket-transport.ts'

const NAME = 'upstream.example.com'
const policy = createHostPolicy({ allowPrivate: '127.0.0.0/8', upstreamHosts: '' })
const toLoopback: Resolve = async () => ['127.0.0.1']

function upstreamWith() {
  const transport = createSocketTransport({ policy, resolve: toLoopback })
  return createUpstream({ transport, policy, clock: impatientClock(), random, timeoutMs: 1_000 })
}

describe('a TLS connection', () => {
  let folder: string
  let secure: Listener
  let requests = 0

  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-tls-'))
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA')
    openssl('req', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', `/CN=${NAME}`)
    writeFileSync(join(folder, 'leaf.ext'), `subjectAltName=DNS:${NAME}\n`)
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'leaf.ext']
    openssl('x509', '-req', '-in', 'leaf.csr', '-out', 'leaf.pem', ...signed)
    secure = await listenHttps(
      { key: read('leaf.key'), cert: read('leaf.pem') },
      (request, response) => {
        requests += 1
        const { socket } = request
        response.end(socket instanceof TLSSocket ? String(socket.servername) : '')
      },
    )
  })
  afterAll(async () => {
    await secure.close()
    rmSync(folder, { recursive: true })
  })

  // Whoever sits on the way presents a certificate of his own.
  test('is refused where the certificate is not trusted, before the request leaves', async () => {
    const call = callTo(`https://${NAME}:${secure.port}`, { attempts: 1 })
    const fault = await faultOf(upstreamWith(), call)
    expect(fault).toMatchObject({ code: 'upstream_unavailable', effect: 'no' })
    expect(fault.message).toContain('certificate')
    expect(requests).toBe(0)
  })

  test('verifies the certificate for the name, whatever address was dialed', async () => {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, read('ca.pem')])
    try {
      const upstream = upstreamWith()
      const { value } = await upstream.perform(callTo(`https://${NAME}:${secure.port}`))
      expect(value).toBe(NAME)
      requests = 0
      const call = callTo(`https://other.example.com:${secure.port}`, { attempts: 1 })
      expect(await faultOf(upstream, call)).toMatchObject({
        code: 'upstream_unavailable',
        effect: 'no',
      })
      expect(requests).toBe(0)
    } finally {
      setDefaultCACertificates(before)
    }
  })
})
