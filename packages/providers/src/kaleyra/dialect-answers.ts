import type { DialectResponse, Fault, FaultCode } from '@latchkey/core'
import { detailsOf, retryAfterOf } from '../shared/dialect-refusal.ts'
import { KALEYRA_CODES, normalizeCode, SUCCESS_CODE } from './codes.ts'

type Code = 'RBC001' | 'WA-400' | 'WA-401' | 'WA-500' | 'E110' | 'WAV2101' | '80007'

interface Failure {
  readonly status: number
  readonly message: string
  readonly data: object
  readonly error: (details: string) => unknown
}

const WRONG_KEY = 'Incorrect SID or API key.'

/** As the page on setting the key prints them, then those of the pages on error codes; the reason is ours. */
const FAILURES: Readonly<Record<Code, Failure>> = {
  RBC001: { status: 401, message: WRONG_KEY, data: [], error: () => ({ error: WRONG_KEY }) },
  'WA-400': {
    status: 400,
    message: 'Refer to correct payload format',
    data: {},
    error: (payload) => ({ payload }),
  },
  'WA-401': {
    status: 401,
    message: 'API is not available for given customer.Please contact support for more info',
    data: {},
    error: (details) => details,
  },
  'WA-500': {
    status: 500,
    message: 'Please try again later',
    data: {},
    error: (error) => ({ error }),
  },
  E110: { status: 400, message: 'Insufficient Balance.', data: {}, error: (error) => ({ error }) },
  WAV2101: {
    status: 400,
    message: 'Account daily limit reached.',
    data: {},
    error: (error) => ({ error }),
  },
  '80007': { status: 429, message: 'Rate limit issues', data: {}, error: (error) => ({ error }) },
}

/** Which of Kaleyra's codes says it best. */
const REFUSALS: Readonly<Record<FaultCode, readonly [code: Code, status?: number]>> = {
  invalid_request: ['WA-400'],
  unauthenticated: ['RBC001'],
  forbidden: ['WA-401'],
  not_found: ['WA-400'],
  method_not_allowed: ['WA-400', 405],
  conflict: ['WA-400'],
  quota_exceeded: ['WA-400'],
  precondition_failed: ['WA-400'],
  payload_too_large: ['WA-400'],
  unsupported_media_type: ['WA-400'],
  key_invalid: ['WA-400'],
  key_is_private: ['WA-400'],
  certificate_invalid: ['WA-400'],
  idempotency_mismatch: ['WA-400'],
  unsupported_operation: ['WA-401'],
  rate_limited: ['80007'],
  internal: ['WA-500'],
  upstream_rejected: ['WA-400'],
  // The caller’s key is good, and RBC001 would have it replaced; the connection’s credentials are not.
  upstream_unauthorized: ['WA-401'],
  upstream_malformed: ['WA-500'],
  upstream_unavailable: ['WA-500'],
  upstream_rate_limited: ['80007'],
  upstream_timeout: ['WA-500'],
}

const PROVIDER = 'kaleyra'

export function succeeded(data: object): DialectResponse {
  const message = 'Request Processed Successfully'
  return jsonResponse(200, { code: SUCCESS_CODE, message, data, error: {} })
}

/** A refusal in Kaleyra's envelope; `isKeyPath` where the path is one that is served. */
export function refusal(fault: Fault, isKeyPath: boolean): DialectResponse {
  const [code, status] = refusalOf(fault, isKeyPath)
  const { message, data, error, ...failure } = FAILURES[code]
  const body = { code, message, data, error: error(detailsOf(fault)) }
  const allow = fault.code === 'method_not_allowed' ? { allow: 'GET, HEAD, POST' } : {}
  return jsonResponse(status ?? failure.status, body, { ...allow, ...retryAfterOf(fault) })
}

function refusalOf(fault: Fault, isKeyPath: boolean): readonly [code: Code, status?: number] {
  const own = ownCode(fault)
  if (own !== null) return [own]
  if (fault.code === 'not_found' && !isKeyPath) return ['WA-400', 404]
  // Two writes to one number at once: the second may come again as it is.
  if (fault.code === 'conflict' && fault.retryable) return ['WA-500']
  // Of WA-400 a program believes that nothing was done.
  if (fault.code === 'upstream_rejected' && fault.effect === 'unknown') return ['WA-500']
  return REFUSALS[fault.code]
}

/** The code that Kaleyra itself gave; that it refused the connection’s credentials is not the caller’s doing. */
function ownCode({ code, upstream }: Fault): Code | null {
  if (upstream?.provider !== PROVIDER || code === 'upstream_unauthorized') return null
  const spelled = KALEYRA_CODES.get(normalizeCode(upstream.code ?? ''))?.code
  return spelled !== undefined && isCode(spelled) ? spelled : null
}

function isCode(code: string): code is Code {
  return Object.hasOwn(FAILURES, code)
}

function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): DialectResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}
