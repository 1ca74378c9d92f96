import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listed, upload } from '../harness/certificate-calls.ts'
import {
  CERTIFICATE_DIALECTS,
  type CertificateDialect,
  certificatesIn,
  certificateSpeech,
  isDone,
  pbxCaller,
  stageAtPbx,
} from '../harness/certificate-dialects.ts'
import { expectCertificateRefusal } from '../harness/certificate-refusals.ts'
import {
  mintChain,
  mintTrusted,
  type TestAuthority,
  type TestChain,
} from '../harness/certificates.ts'
import { call, connectionTo, make } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { makeToken } from '../harness/tokens.ts'

const SCOPES = ['certificates:read', 'certificates:write'] as const
const TRUSTED_MAX = 20
const SERVERS_MAX = 3

const RENEWAL = {
  auto_renewal: 1,
  dns_provider: 'alidns',
  auth_info_list: [
    { k: 'AccessKeyId', sv: 'an-access-key-id' },
    { k: 'AccessKeySecret', sv: 'an-access-key-secret' },
  ],
}

/** What a connection cannot do, or has no room for, every dialect tells in its own words. */
export function dialectMatrixLimitsSuite(open: OpenApi): void {
  describe('of what there is not, or no room for', () => {
    let api: ApiHarness
    let trusted: TestAuthority
    let chain: TestChain
    beforeAll(async () => {
      trusted = await mintTrusted()
      chain = await mintChain()
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    const connect = async (
      dialect: CertificateDialect,
      provider: Parameters<typeof connectionTo>[1],
    ) => {
      const at = await make(api, '/v1/connections', connectionTo(api, provider))
      const { token } = await makeToken(api, SCOPES, { connections: [at] })
      const path = `/v1/connections/${at}/certificates`
      const speech = certificateSpeech(api, dialect, { at, token })
      return { at, token, speech, certificates: { connectionId: at, path } }
    }
    /** What a PBX's callers ask for that no other provider's can: each changes a certificate that is there. */
    const changes = (at: string, token: string, { id, name }: { id: number; name: string }) => {
      const ask = pbxCaller(api, at, token)
      const post = (endpoint: string, json: object) => ask('POST', endpoint, {}, { json })
      return {
        apply: () =>
          post('certificate/create', {
            type: 'server',
            ca_type: 'apply',
            issue_to: 'pbx.example.com',
            ...RENEWAL,
          }),
        renew: () => post('certificate/update', { id, ...RENEWAL }),
        'stop renewing': () => post('certificate/update', { id, auto_renewal: 0 }),
        activate: () => post('webserver/update', { https_cert: name }),
      }
    }
    const expectUntouched = async (provider: 'graph' | 'kaleyra') => {
      expect((await api.sandbox.requests({ upstream: provider })).requests).toEqual([])
    }
    /** Whatever changes something there; a PBX deletes by GET. */
    const writes = async (upstream: 'onprem' | 'pbx') => {
      const { requests } = await api.sandbox.requests({ upstream })
      return requests.filter(
        ({ method, path }) =>
          !/users\/login|get_token/.test(path) && (method !== 'GET' || path.includes('delete')),
      )
    }

    for (const provider of ['graph', 'kaleyra'] as const) {
      test(`${provider} has no certificates, as the On-Premises dialect says`, async () => {
        const { at, token, speech } = await connect('onprem', provider)
        const path = `/onprem/${at}/v1/certificates/external/ca`
        const answers = {
          read: await speech.read(),
          'read of its authority': await call(api, 'GET', path, { token }),
          add: await speech.add('trusted', trusted.pem),
          install: await speech.add('server', chain.bundle),
          remove: await speech.remove(),
        }
        for (const [what, sent] of Object.entries(answers)) {
          expectCertificateRefusal('onprem', sent, 'unsupported', what)
        }
        await expectUntouched(provider)
      })

      test(`${provider} has no certificates, as the PBX's dialect says`, async () => {
        const { at, token, speech } = await connect('pbx', provider)
        const ask = pbxCaller(api, at, token)
        const answers = {
          read: await speech.read(),
          'read one': await ask('GET', 'certificate/get', { id: 1 }),
          'read some': await ask('GET', 'certificate/query', { ids: '1,2' }),
          // At once: a file is not kept for a second step that cannot be taken.
          add: await stageAtPbx(ask, 'trusted', trusted.pem),
          install: await stageAtPbx(ask, 'server', chain.bundle),
          remove: await speech.remove(),
        }
        for (const [what, sent] of Object.entries(answers)) {
          expectCertificateRefusal('pbx', sent, 'unsupported', what)
        }
        for (const [what, change] of Object.entries(changes(at, token, { id: 1, name: 'a.pem' }))) {
          expectCertificateRefusal('pbx', await change(), 'unsupported', what)
        }
        await expectUntouched(provider)
      })
    }

    test('a deployment cannot change a certificate, as the PBX’s dialect says', async () => {
      const { at, token, speech } = await connect('pbx', 'onprem')
      const added = await speech.add('trusted', trusted.pem)
      expect(isDone('pbx', added), added.text).toBe(true)
      const [shown] = certificatesIn(await speech.read())
      if (shown === undefined) throw new Error('Cannot go on: nothing was added')
      const before = await writes('onprem')
      for (const [what, change] of Object.entries(changes(at, token, shown))) {
        expectCertificateRefusal('pbx', await change(), 'unsupported', what)
      }
      expect(await writes('onprem')).toEqual(before)
    })

    test('an authority is not put in use by a PBX, nor renewed, as its own dialect says', async () => {
      const { at, token, speech } = await connect('pbx', 'pbx')
      const added = await speech.add('trusted', trusted.pem)
      expect(isDone('pbx', added), added.text).toBe(true)
      const [shown] = certificatesIn(await speech.read())
      if (shown === undefined) throw new Error('Cannot go on: nothing was added')
      const { apply: _possible, ...others } = changes(at, token, shown)
      const before = await writes('pbx')
      for (const [what, change] of Object.entries(others)) {
        expectCertificateRefusal('pbx', await change(), 'unsupported', what)
      }
      expect(await writes('pbx')).toEqual(before)
    })

    for (const dialect of CERTIFICATE_DIALECTS) {
      test(`a PBX trusts no more than ${TRUSTED_MAX} authorities, as the ${dialect} dialect says`, async () => {
        const { speech, certificates } = await connect(dialect, 'pbx')
        for (let count = 0; count < TRUSTED_MAX; count += 1) {
          const sent = await upload(api, certificates, 'trusted-ca', trusted.pem)
          expect(sent.status, sent.text).toBe(201)
        }
        const before = await writes('pbx')
        const refused = await speech.add('trusted', trusted.pem)
        expectCertificateRefusal(dialect, refused, 'full')
        expect(refused.text).toContain(String(TRUSTED_MAX))
        expect(await writes('pbx')).toEqual(before)
        const [first] = await listed(api, certificates)
        await call(api, 'DELETE', `${certificates.path}/${first?.id}`)
        const taken = await speech.add('trusted', trusted.pem)
        expect(isDone(dialect, taken), taken.text).toBe(true)
      })
    }

    test(`a PBX has no more than ${SERVERS_MAX} certificates of its own, as its dialect says`, async () => {
      const { at, token, speech, certificates } = await connect('pbx', 'pbx')
      for (let count = 0; count < SERVERS_MAX; count += 1) {
        const sent = await upload(api, certificates, 'server', chain.bundle)
        expect(sent.status, sent.text).toBe(201)
      }
      const before = await writes('pbx')
      expectCertificateRefusal('pbx', await speech.add('server', chain.bundle), 'full')
      const { apply } = changes(at, token, { id: 1, name: 'a.pem' })
      expectCertificateRefusal('pbx', await apply(), 'full', 'apply')
      expect(await writes('pbx')).toEqual(before)
    })
  })
}
