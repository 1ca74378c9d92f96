/** Every request that the vendors' pages show, by page and line, and what becomes of it here. */
import type { Aside } from './compare.ts'

/** What is sent, and what of the sample stands for something else. */
export interface Sample extends Aside {
  readonly place: string
  readonly provider: 'graph' | 'onprem' | 'kaleyra'
  readonly operation: 'publish' | 'read'
  readonly config?: Readonly<Record<string, unknown>>
}

export const SAMPLES: readonly Sample[] = [
  // Graph: set a key, as a template and with a key; get a key.
  { place: '002:23', provider: 'graph', operation: 'publish', ids: [1] },
  { place: '002:30', provider: 'graph', operation: 'publish', ids: [1] },
  { place: '002:60', provider: 'graph', operation: 'read', ids: [1] },
  // On-Premises: sign a key, as the JSON that is printed; get a key.
  {
    place: '001:43',
    provider: 'onprem',
    operation: 'publish',
    config: { publishEncoding: 'json' },
    untold: ['authorization', 'content-type'],
  },
  { place: '001:76', provider: 'onprem', operation: 'read', untold: ['authorization'] },
  // Kaleyra: set a key, as a template and filled in.
  { place: '003:29', provider: 'kaleyra', operation: 'publish', ids: [1, 3] },
  { place: '003:35', provider: 'kaleyra', operation: 'publish', ids: [1, 3] },
]

/** Where the page on On-Premises says that the printed JSON is to be sent as a form. */
export const FORM_ADVICE = '001:39'

/** A request about certificates. */
export interface CertificateSample extends Aside {
  readonly place: string
  readonly provider: 'onprem' | 'pbx'
  readonly does: 'read' | 'upload' | 'apply'
  /** What its path begins with for something else. */
  readonly stands?: { readonly template: string; readonly for: string }
  /** It is told in words what it carries. */
  readonly isBodyUntold?: boolean
}

export const CERTIFICATE_SAMPLES: readonly CertificateSample[] = [
  // On-Premises: get the CA certificate; upload a certificate, and the same with curl.
  { place: '000:9', provider: 'onprem', does: 'read', untold: ['authorization'] },
  { place: '000:20', provider: 'onprem', does: 'upload', untold: ['authorization'] },
  { place: '000:23', provider: 'onprem', does: 'upload' },
  // PBX: the form of the URL; upload a certificate, add it as a trusted one; apply for a certificate.
  {
    place: '004:11',
    provider: 'pbx',
    does: 'upload',
    stands: { template: '{base_url}/{api_path}', for: '/openapi/v1.0' },
    untold: ['content-type'],
    isBodyUntold: true,
  },
  { place: '004:87', provider: 'pbx', does: 'upload' },
  { place: '004:116', provider: 'pbx', does: 'upload' },
  { place: '004:137', provider: 'pbx', does: 'apply' },
]

/** Where the answers to them are printed. */
export const CERTIFICATE_ANSWERS = {
  onpremUpload: '000:27',
  pbxUpload: '004:106',
  pbxCreate: '004:126',
  pbxApply: '004:172',
} as const
