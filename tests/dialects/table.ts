/** Every line of the vendors' pages that names curl or a method, and what becomes of it here. */

export type DialectName = 'graph' | 'onprem' | 'kaleyra' | 'pbx'

/** A request that is run. */
export interface PrintedRequest {
  /** `page:line` */
  readonly place: string
  readonly dialect: DialectName
  /** Where the page prints what is answered. */
  readonly answer: string
  /** Words that the page has elsewhere, or takes for granted. */
  readonly untold?: readonly string[]
  /** What has to be run before it. */
  readonly after?: readonly string[]
  /** Where a form of address alone is printed: the request that shows what to send there. */
  readonly bodyOf?: string
  /** Where the page shows what is found in a list. */
  readonly isListed?: boolean
}

const BEARER = ['-H', 'Authorization: Bearer your-auth-token']
const JSON_TYPE = ['-H', 'Content-Type: application/json']

export const REQUESTS: readonly PrintedRequest[] = [
  { place: '000:9', dialect: 'onprem', answer: '000:12', untold: BEARER, after: ['000:23'] },
  { place: '000:20', dialect: 'onprem', answer: '000:27', untold: BEARER },
  { place: '000:23', dialect: 'onprem', answer: '000:27' },
  { place: '001:43', dialect: 'onprem', answer: '001:50', untold: [...BEARER, ...JSON_TYPE] },
  { place: '001:76', dialect: 'onprem', answer: '001:80', untold: BEARER, after: ['001:43'] },
  { place: '002:23', dialect: 'graph', answer: '002:46' },
  { place: '002:30', dialect: 'graph', answer: '002:46' },
  // Meta's own collections of saved answers show the page's object within a list.
  { place: '002:60', dialect: 'graph', answer: '002:65', after: ['002:30'], isListed: true },
  { place: '003:29', dialect: 'kaleyra', answer: '003:52' },
  { place: '003:35', dialect: 'kaleyra', answer: '003:52' },
  { place: '004:11', dialect: 'pbx', answer: '004:127', after: ['004:87'], bodyOf: '004:116' },
  { place: '004:87', dialect: 'pbx', answer: '004:107' },
  { place: '004:116', dialect: 'pbx', answer: '004:127', after: ['004:87'] },
  { place: '004:137', dialect: 'pbx', answer: '004:173' },
]

/** Lines that are no request, and why. */
export const NO_REQUESTS: Readonly<Record<string, string>> = {
  '000:6': 'prose: announces the request at 000:9',
  '000:15': 'prose: announces the request at 000:20',
  '000:22': 'prose: announces the command at 000:23',
  '001:37': 'prose: announces the request at 001:43',
  '001:72': 'prose: announces the request at 001:76',
  '002:11': 'prose: announces the commands at 002:23 and 002:30',
  '002:49': 'prose: announces the command at 002:60',
  '003:2': 'a heading: the method of the request at 003:29',
}

/** The failures that a page prints, with the status that it prints above each. */
export const KALEYRA_FAILURES = {
  wrongKey: { place: '003:63', status: 401 },
  wrongAccount: { place: '003:72', status: 401 },
  wrongPayload: { place: '003:79', status: 400 },
  internal: { place: '003:88', status: 500 },
} as const
