/** Every request that the vendors' pages show, by page and line, and what becomes of it here. */

/** What is sent, and what of the sample stands for something else. */
export interface Sample {
  readonly place: string
  readonly provider: 'graph' | 'onprem' | 'kaleyra'
  readonly operation: 'publish' | 'read'
  readonly config?: Readonly<Record<string, unknown>>
  /** Path segments that are ids, counted from 0. */
  readonly ids: readonly number[]
  /** Headers that the sample leaves out and the page asks for elsewhere. */
  readonly untold?: readonly string[]
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
    ids: [],
    untold: ['authorization', 'content-type'],
  },
  { place: '001:76', provider: 'onprem', operation: 'read', ids: [], untold: ['authorization'] },
  // Kaleyra: set a key, as a template and filled in.
  { place: '003:29', provider: 'kaleyra', operation: 'publish', ids: [1, 3] },
  { place: '003:35', provider: 'kaleyra', operation: 'publish', ids: [1, 3] },
]

/** Where the page on On-Premises says that the printed JSON is to be sent as a form. */
export const FORM_ADVICE = '001:39'

/** Requests about certificates, which are not sent yet. */
export const LATER: readonly string[] = [
  '000:9', // On-Premises: get the CA certificate
  '000:20', // On-Premises: upload a certificate
  '000:23', // On-Premises: the same with curl
  '004:11', // PBX: the form of the URL
  '004:87', // PBX: upload a certificate
  '004:116', // PBX: add a trusted certificate
  '004:137', // PBX: apply for a certificate
]
