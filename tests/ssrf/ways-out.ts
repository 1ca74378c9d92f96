import type { CertificatePurpose, OperationName } from '@latchkey/core'
import { mintChain, mintTrusted } from '../api/harness/certificates.ts'
import { freshKey } from '../api/harness/keys.ts'

/** What there is of one provider to call out from. */
export interface Place {
  readonly connectionId: string
  /** Of nobody, where the provider has none. */
  readonly numberId: string
  /** Certificates that were planted: one of each purpose, installed, and one that the upstream works on. */
  readonly installed: Readonly<Partial<Record<CertificatePurpose, string>>>
  readonly pending: string | null
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly json?: unknown
}

/** What is sent outside. */
export interface Goods {
  readonly publicKey: string
  readonly bundle: string
  readonly authority: string
}

export async function makeGoods(): Promise<Goods> {
  const [{ pem: publicKey }, { bundle }, { pem: authority }] = await Promise.all([
    freshKey(),
    mintChain(),
    mintTrusted(),
  ])
  return { publicKey, bundle, authority }
}

type Ways = (place: Place, goods: Goods) => readonly Call[]

const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: 'an-id', AccessKeySecret: 'a-secret' },
}
const keyOf = ({ numberId }: Place) => `/v1/numbers/${numberId}/encryption-key`
const certificatesOf = ({ connectionId }: Place) => `/v1/connections/${connectionId}/certificates`

/**
 * The calls by which each operation of a provider is asked for. An operation that is added has no entry, and does
 * not compile before it has one: then every test here covers it too.
 */
export const WAYS_OUT: Record<OperationName, Ways> = {
  'encryptionKey.publish': (place, { publicKey }) => [
    { method: 'PUT', path: keyOf(place), json: { publicKey } },
    { method: 'PUT', path: `${keyOf(place)}?verify=false`, json: { publicKey } },
  ],
  'encryptionKey.read': (place) => [{ method: 'GET', path: `${keyOf(place)}?fresh=true` }],
  'numbers.list': ({ connectionId }) => [
    { method: 'POST', path: `/v1/connections/${connectionId}/discover` },
  ],
  'connection.check': ({ connectionId }) => [
    { method: 'POST', path: `/v1/connections/${connectionId}/check` },
  ],
  'certificate.list': (place) => [{ method: 'GET', path: `${certificatesOf(place)}?fresh=true` }],
  'certificate.get': (place) => [
    { method: 'GET', path: `${certificatesOf(place)}/${place.pending}` },
  ],
  // The same upload is staged first, where the provider wants that.
  'certificate.stage': upload,
  'certificate.upload': upload,
  'certificate.apply': (place) => [
    {
      method: 'POST',
      path: certificatesOf(place),
      json: { purpose: 'server', source: { type: 'apply', domain: 'pbx.example.com', ...DNS } },
    },
  ],
  'certificate.update': (place) => [
    {
      method: 'PATCH',
      path: `${certificatesOf(place)}/${place.installed.server}`,
      json: { autoRenewal: DNS },
    },
  ],
  'certificate.remove': (place) => [
    { method: 'DELETE', path: `${certificatesOf(place)}/${removable(place)}` },
  ],
  'certificate.activate': (place) => [
    { method: 'POST', path: `${certificatesOf(place)}/${place.installed.server}/activate` },
  ],
}

/** Of the authorities, as not every provider lets a server's certificate go. */
function removable({ installed }: Place): string | undefined {
  return installed['webhook-ca'] ?? installed['trusted-ca']
}

function upload(place: Place, { bundle, authority }: Goods): readonly Call[] {
  const purposes = ['server', 'webhook-ca', 'trusted-ca'] as const
  return purposes.flatMap((purpose) => {
    if (place.installed[purpose] === undefined) return []
    const source = { type: 'upload', pem: purpose === 'server' ? bundle : authority }
    return [{ method: 'POST', path: certificatesOf(place), json: { purpose, source } }]
  })
}
