import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Certificates,
  listed,
  openCertificates,
  shownIn,
  upload,
} from '../harness/certificate-calls.ts'
import { mintChain, mintTrusted, type TestChain } from '../harness/certificates.ts'
import { call } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { expectNothingSent, expectProblem } from '../harness/problem.ts'
import { finishedBy, fire, makeTrigger, type MadeTrigger, runOf } from '../harness/triggers.ts'

/** The hook of an ACME client brings each renewed certificate to where it is used. */
export function triggersDeploySuite(open: OpenApi): void {
  describe('a trigger that deploys certificates', () => {
    let api: ApiHarness
    let certificates: Certificates
    let chains: readonly TestChain[]

    beforeAll(async () => {
      chains = await Promise.all([1, 2, 3, 4, 5].map(() => mintChain()))
    })
    beforeEach(async () => {
      api = await open()
      certificates = await openCertificates(api, 'pbx')
      await api.sandbox.clearRequests()
    })
    afterEach(() => api.close())

    const pair = (index: number) => {
      const { chain = '', key = '' } = chains[index] ?? {}
      return { pem: chain, privateKey: key }
    }
    const deploy = async (trigger: MadeTrigger, json: unknown, id = 'msg_1') => {
      const sent = await fire(api, trigger, json, { id })
      expect([sent.status, sent.text]).toEqual([202, sent.text])
      return finishedBy(api, sent)
    }
    const active = async () =>
      (await listed(api, certificates, '?purpose=server')).filter(
        ({ status }) => status === 'active',
      )

    test('brings it to a connection, puts it in use, and keeps no key of it', async () => {
      const { connectionId } = certificates
      const trigger = await makeTrigger(api, {
        action: 'deploy-certificate',
        target: { connectionId },
      })
      const sent = await fire(api, trigger, pair(0))
      expect(sent.status).toBe(202)
      await expectNothingSent(api)
      const finished = await finishedBy(api, sent)
      expect(await active()).toMatchObject([{ fingerprint: chains[0]?.fingerprint }])
      const data = { status: 'succeeded', action: 'deploy-certificate' }
      expect(finished).toMatchObject({ type: 'trigger.finished', data })
      const told = JSON.stringify(await eventsOf(api, runOf(sent))) + api.logs().join('\n')
      expect(told).not.toContain(pair(0).privateKey.split('\n')[1])
    })

    // A PBX holds three: without making room, the third renewal would be the last.
    test('makes room for each by the one that it brought before, and leaves others alone', async () => {
      const others = await upload(api, certificates, 'server', chains[4]?.bundle ?? '', {
        activate: true,
      })
      const trigger = await makeTrigger(api, {
        action: 'deploy-certificate',
        target: { certificateId: shownIn(others).id },
      })
      for (const index of [0, 1, 2, 3]) {
        const finished = await deploy(trigger, pair(index), `msg_${index}`)
        expect(finished).toMatchObject({ data: { status: 'succeeded' } })
        expect(await active()).toMatchObject([{ fingerprint: chains[index]?.fingerprint }])
      }
      const servers = await listed(api, certificates, '?purpose=server&fresh=true')
      expect(new Set(servers.map(({ fingerprint }) => fingerprint))).toEqual(
        new Set([chains[4]?.fingerprint, chains[3]?.fingerprint]),
      )
      expect(servers).toHaveLength(2)
    })

    test('does once what comes often', async () => {
      const { connectionId } = certificates
      const target = { connectionId, purpose: 'server' }
      const trigger = await makeTrigger(api, { action: 'deploy-certificate', target })
      for (let count = 0; count < 3; count += 1) await deploy(trigger, pair(0))
      expect(await listed(api, certificates, '?fresh=true')).toHaveLength(1)
    })

    test('tells why one that would break the other side was not sent', async () => {
      const { connectionId } = certificates
      const trigger = await makeTrigger(api, {
        action: 'deploy-certificate',
        target: { connectionId, purpose: 'server' },
      })
      const mixed = { pem: pair(0).pem, privateKey: pair(1).privateKey }
      const finished = await deploy(trigger, mixed)
      expect(finished).toMatchObject({
        data: { status: 'failed', failed: 1, problem: { code: 'certificate_invalid' } },
      })
      expect(await listed(api, certificates, '?fresh=true')).toEqual([])
    })

    test('deploys an authority that is to be trusted', async () => {
      const { connectionId } = certificates
      const target = { connectionId, purpose: 'trusted-ca' }
      const trigger = await makeTrigger(api, { action: 'deploy-certificate', target })
      const { pem } = await mintTrusted()
      expect(await deploy(trigger, { pem })).toMatchObject({ data: { status: 'succeeded' } })
      expect(await listed(api, certificates)).toMatchObject([{ purpose: 'trusted-ca' }])
    })

    test('refuses a message without a certificate', async () => {
      const { connectionId } = certificates
      const trigger = await makeTrigger(api, {
        action: 'deploy-certificate',
        target: { connectionId },
      })
      const sent = await fire(api, trigger, { privateKey: pair(0).privateKey })
      await expectProblem(api, sent, 'invalid_request', ['/pem'])
      const long = await fire(api, trigger, { pem: 'x'.repeat(300 * 1024) })
      await expectProblem(api, long, 'payload_too_large')
    })

    test('that refreshes a certificate reads, and changes nothing', async () => {
      const sent = await upload(api, certificates, 'server', chains[0]?.bundle ?? '')
      const { id: certificateId } = shownIn(sent)
      await api.sandbox.clearRequests()
      for (const target of [{ certificateId }, { connectionId: certificates.connectionId }]) {
        const trigger = await makeTrigger(api, { action: 'refresh', target })
        await finishedBy(api, await fire(api, trigger))
      }
      const { requests } = await api.sandbox.requests({ upstream: 'pbx' })
      const paths = requests.map(({ path }) => path.replace('/openapi/v1.0/', ''))
      expect(new Set(paths)).toEqual(new Set(['certificate/list']))
    })

    test('that refreshes what its upstream refuses tells why it could not', async () => {
      const { connectionId } = certificates
      const credentials = { clientSecret: 'not the secret' }
      await call(api, 'PATCH', `/v1/connections/${connectionId}`, { json: { credentials } })
      const trigger = await makeTrigger(api, { action: 'refresh', target: { connectionId } })
      const finished = await finishedBy(api, await fire(api, trigger))
      const problem = { code: 'upstream_unauthorized' }
      expect(finished).toMatchObject({ data: { status: 'failed', problem } })
    })
  })
}
