import { type Certificates, openCertificates, shownIn, upload } from './certificate-calls.ts'
import { mintChain, mintTrusted } from './certificates.ts'
import type { ApiHarness } from './harness.ts'
import type { WriteKind } from './write-kind.ts'

const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: 'an-id', AccessKeySecret: 'a-secret' },
}

async function onPbx(
  api: ApiHarness,
): Promise<{ readonly certificates: Certificates; readonly id: string }> {
  const certificates = await openCertificates(api, 'pbx')
  const sent = await upload(api, certificates, 'server', (await mintChain()).bundle)
  return { certificates, id: shownIn(sent).id }
}

/** Each write to certificates that takes an Idempotency-Key. */
export const CERTIFICATE_WRITES: readonly WriteKind[] = [
  {
    operationId: 'createCertificate',
    status: 201,
    event: ['certificate.installed', 1],
    async prepare(api) {
      const { path } = await openCertificates(api, 'pbx')
      const source = { type: 'upload', pem: (await mintTrusted()).pem }
      return { method: 'POST', path, json: { purpose: 'trusted-ca', source } }
    },
  },
  {
    operationId: 'updateCertificate',
    status: 200,
    event: ['certificate.updated', 1],
    async prepare(api) {
      const { certificates, id } = await onPbx(api)
      return { method: 'PATCH', path: `${certificates.path}/${id}`, json: { autoRenewal: DNS } }
    },
  },
  {
    operationId: 'deleteCertificate',
    status: 204,
    event: ['certificate.removed', 1],
    async prepare(api) {
      const certificates = await openCertificates(api, 'onprem')
      const sent = await upload(api, certificates, 'webhook-ca', (await mintTrusted()).pem)
      return { method: 'DELETE', path: `${certificates.path}/${shownIn(sent).id}` }
    },
  },
  {
    operationId: 'activateCertificate',
    status: 200,
    event: ['certificate.activated', 1],
    async prepare(api) {
      const { certificates, id } = await onPbx(api)
      return { method: 'POST', path: `${certificates.path}/${id}/activate` }
    },
  },
]
