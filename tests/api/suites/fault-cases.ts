import type { FaultCode } from '@latchkey/core'
import type { FaultAnswer } from '@latchkey/sandbox/control'

export const PROVIDERS = ['graph', 'onprem', 'kaleyra'] as const
export type ProviderId = (typeof PROVIDERS)[number]

/** The calls about a number's key, at each upstream. */
export const KEY_PATHS = {
  graph: '/*/*/whatsapp_business_encryption',
  onprem: '/v1/settings/business/whatsapp_business_encryption',
  kaleyra: '/v2/*/whatsapp/*/flows_encryption',
} as const

/** Something that an upstream does instead of what it should, and what is to be told of it. */
export interface FaultCase {
  readonly name: string
  readonly answer: FaultAnswer
  /** What becomes of a publish: the upstream says no; its answer says nothing; nor does it, but it took the key. */
  readonly publish: 'refused' | 'lost' | 'landed'
  readonly code: FaultCode
  readonly retryable: boolean
  /** Seconds. */
  readonly retryAfter?: number
  /** What is told of the upstream's own words, at least. */
  readonly upstream: {
    readonly status: number | null
    readonly code?: string
    readonly message?: string
    readonly requestId?: string
  }
  /** Kaleyra's codes without their dash. */
  readonly dashless?: true
}

const REQUEST_ID = 'upstream-request-1'

/** An answer of no vendor's form, such as a proxy gives. */
function bare(status: number, headers: Readonly<Record<string, string>> = {}) {
  return {
    name: `a bare ${status}${'retry-after' in headers ? ' with Retry-After' : ''}`,
    answer: {
      kind: 'respond',
      status,
      headers: { 'x-request-id': REQUEST_ID, ...headers },
      body: 'Not from here',
    },
    upstream: { status, requestId: REQUEST_ID },
  } as const
}

/** The vendor's own answer for one of its codes. */
function vendor(code: string | number, status: number, message: string) {
  return {
    name: `its own ${code}`,
    answer: { kind: 'vendor-error', code },
    upstream: { status, code: String(code), message },
  } as const
}

const UNAUTHORIZED = {
  code: 'upstream_unauthorized',
  retryable: false,
  publish: 'refused',
} as const
const REJECTED = { code: 'upstream_rejected', retryable: false, publish: 'refused' } as const
const THROTTLED = { code: 'upstream_rate_limited', retryable: true, publish: 'refused' } as const
const UNAVAILABLE = { code: 'upstream_unavailable', retryable: true, publish: 'lost' } as const
const MALFORMED = { code: 'upstream_malformed', retryable: true, publish: 'lost' } as const

const OWN_ANSWER = { status: 200 } as const

/** What any server between Latchkey and the vendor can do. */
const COMMON: readonly FaultCase[] = [
  { ...bare(401), ...UNAUTHORIZED },
  { ...bare(403), ...UNAUTHORIZED },
  { ...bare(404), ...REJECTED },
  { ...bare(429), ...THROTTLED },
  { ...bare(429, { 'retry-after': '120' }), ...THROTTLED, retryAfter: 120 },
  { ...bare(503, { 'retry-after': '60' }), ...UNAVAILABLE, retryAfter: 60 },
  {
    name: 'a page',
    answer: { kind: 'html', status: 200 },
    ...MALFORMED,
    upstream: { status: 200 },
  },
  { name: 'a 502 page', answer: { kind: 'html' }, ...UNAVAILABLE, upstream: { status: 502 } },
  {
    name: 'a redirect',
    answer: { kind: 'redirect', location: 'https://elsewhere.example/' },
    ...MALFORMED,
    retryable: false,
    upstream: { status: 302 },
  },
  { name: 'a reset', answer: { kind: 'reset' }, ...UNAVAILABLE, upstream: { status: null } },
  {
    name: 'its own answer, cut short',
    answer: { kind: 'truncate' },
    ...UNAVAILABLE,
    publish: 'landed',
    upstream: OWN_ANSWER,
  },
  {
    name: 'half of its own answer',
    answer: { kind: 'garbage' },
    ...MALFORMED,
    publish: 'landed',
    upstream: OWN_ANSWER,
  },
  {
    name: 'nothing at all',
    answer: { kind: 'empty' },
    ...MALFORMED,
    publish: 'landed',
    upstream: OWN_ANSWER,
  },
  {
    name: 'its own answer, blown up',
    answer: { kind: 'oversize' },
    ...MALFORMED,
    retryable: false,
    publish: 'landed',
    upstream: OWN_ANSWER,
  },
]

/** Minutes of `estimated_time_to_regain_access`, which the sandbox gives with a throttle. */
const REGAIN = { retryAfter: 300 } as const
const NOT_AVAILABLE = 'API is not available for given customer.Please contact support for more info'
const SID_OR_KEY = 'Incorrect SID or API key.'
const PAYLOAD = 'Refer to correct payload format: Incorrect payload format'
const AGAIN_LATER = 'Please try again later: Internal server error'

function dashless(row: FaultCase): FaultCase {
  const code = row.upstream.code?.replace('-', '') ?? ''
  return { ...row, name: `its own ${code}`, upstream: { ...row.upstream, code }, dashless: true }
}

const KALEYRA: readonly FaultCase[] = [
  { ...vendor('RBC001', 401, SID_OR_KEY), ...UNAUTHORIZED },
  { ...vendor('WA-401', 401, NOT_AVAILABLE), ...UNAUTHORIZED },
  { ...vendor('WA-400', 400, PAYLOAD), ...REJECTED },
  { ...vendor('WA-500', 500, AGAIN_LATER), ...UNAVAILABLE, retryAfter: 300 },
]

/** What each upstream can do about a call on a number's key. */
export const FAULT_CASES: Readonly<Record<ProviderId, readonly FaultCase[]>> = {
  graph: [
    ...COMMON,
    { ...vendor(190, 401, '(#190) Invalid OAuth access token'), ...UNAUTHORIZED },
    {
      ...vendor(10, 403, '(#10) Application does not have permission for this action'),
      ...UNAUTHORIZED,
    },
    { ...vendor(100, 400, '(#100) Invalid parameter'), ...REJECTED },
    { ...vendor(133010, 400, '(#133010) Phone number not registered'), ...REJECTED },
    { ...vendor(4, 400, '(#4) Application request limit reached'), ...THROTTLED, ...REGAIN },
    {
      ...vendor(80007, 400, '(#80007) Rate limit hit for this WhatsApp Business Account'),
      ...THROTTLED,
      ...REGAIN,
    },
    { ...vendor(131000, 500, '(#131000) Something went wrong'), ...UNAVAILABLE },
  ],
  onprem: [
    ...COMMON,
    { ...vendor(1005, 403, 'Access denied'), ...UNAUTHORIZED },
    { ...vendor(1008, 400, 'Required parameter missing'), ...REJECTED },
    { ...vendor(1014, 500, 'Internal error'), ...UNAVAILABLE },
    { ...vendor(1015, 429, 'Too many requests'), ...THROTTLED },
    { ...vendor(1024, 401, 'Password change required'), ...UNAUTHORIZED },
  ],
  kaleyra: [
    ...COMMON,
    ...KALEYRA,
    ...KALEYRA.filter((row) => row.upstream.code?.includes('-') === true).map(dashless),
  ],
}
