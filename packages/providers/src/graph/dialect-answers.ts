import type { DialectRequest, DialectResponse, Fault, FaultCode } from '@latchkey/core'
import { detailsOf, retryAfterOf } from '../shared/dialect-refusal.ts'
import { META_CODES } from '../shared/meta-codes.ts'

const SERVICE = 2
const PERMISSION = 10
const PARAMETER = 100
const TOKEN = 190
const UNKNOWN_PATH = 2500
const RATE_LIMIT = 80007
const SOMETHING_WRONG = 131000

/** The subcode of a node that is not there, or does not do this. */
const NO_SUCH_NODE = 33

/** Which of Graph's codes says it best; its status is that of Meta's table. */
const REFUSALS: Readonly<Record<FaultCode, number>> = {
  invalid_request: PARAMETER,
  unauthenticated: TOKEN,
  forbidden: PERMISSION,
  not_found: PARAMETER,
  method_not_allowed: PARAMETER,
  conflict: PARAMETER,
  quota_exceeded: PARAMETER,
  precondition_failed: PARAMETER,
  payload_too_large: PARAMETER,
  unsupported_media_type: PARAMETER,
  key_invalid: PARAMETER,
  key_is_private: PARAMETER,
  certificate_invalid: PARAMETER,
  idempotency_mismatch: PARAMETER,
  unsupported_operation: PARAMETER,
  rate_limited: RATE_LIMIT,
  internal: SOMETHING_WRONG,
  upstream_rejected: PARAMETER,
  // The caller’s token is good, and 10 or 190 would have it replaced; the connection’s is not.
  upstream_unauthorized: SOMETHING_WRONG,
  upstream_malformed: SOMETHING_WRONG,
  upstream_unavailable: SERVICE,
  upstream_rate_limited: RATE_LIMIT,
  upstream_timeout: SERVICE,
}

/** What Graph says of nodes that are not there, not for this caller, or do not do what is asked. */
const NODE_FAULTS: ReadonlySet<FaultCode> = new Set([
  'not_found',
  'method_not_allowed',
  'unsupported_operation',
])

const PROVIDER = 'graph'
/** More of a path than this is not repeated. */
const PATH_MAX = 200

interface Refusal {
  readonly code: number
  readonly status: number
  readonly message: string
  readonly type?: string
  readonly subcode?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Its header as recorded answers have it; RFC 9110 §15.5.2 asks for one. */
const INVALID_TOKEN: Refusal = {
  code: TOKEN,
  status: 401,
  message: 'Invalid OAuth access token.',
  headers: {
    'www-authenticate': 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."',
  },
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): DialectResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  }
}

/** A refusal as Graph's error object, our own words in its details; `isKeyPath` where the path is one that is served. */
export function refusal(
  fault: Fault,
  request: DialectRequest,
  isKeyPath: boolean,
): DialectResponse {
  const { code, status, message, type, subcode, headers } = refusalOf(fault, request, isKeyPath)
  const error = {
    message,
    type: type ?? 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details: detailsOf(fault) },
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    ...(fault.retryable ? { is_transient: true } : {}),
    fbtrace_id: traceId(fault, request),
  }
  return jsonResponse(status, { error }, { ...headers, ...retryAfterOf(fault) })
}

function refusalOf(fault: Fault, request: DialectRequest, isKeyPath: boolean): Refusal {
  const own = ownRefusal(fault)
  if (own !== null) return own
  if (fault.code === 'not_found' && !isKeyPath) return unknownPath(request)
  if (NODE_FAULTS.has(fault.code)) return noSuchNode(request)
  // Two writes to one number at once: the second may come again as it is.
  if (fault.code === 'conflict' && fault.retryable) return listed(SERVICE)
  // Of 100 a program believes that nothing was done.
  if (fault.code === 'upstream_rejected' && fault.effect === 'unknown') {
    return listed(SOMETHING_WRONG)
  }
  return fault.code === 'unauthenticated' ? INVALID_TOKEN : listed(REFUSALS[fault.code])
}

/** What Graph itself answered; that it refused the connection’s credentials is not the caller’s doing. */
function ownRefusal({ code, upstream }: Fault): Refusal | null {
  if (upstream?.provider !== PROVIDER || code === 'upstream_unauthorized') return null
  if (!/^\d{1,9}$/.test(upstream.code ?? '')) return null
  const own = Number(upstream.code)
  const status = upstream.status ?? 0
  if (status >= 400) return { ...listed(own), status }
  return META_CODES.has(own) ? listed(own) : null
}

function listed(code: number): Refusal {
  const known = META_CODES.get(code)
  return {
    code,
    status: known?.status ?? 400,
    message: `(#${code}) ${known?.title ?? 'An error occurred'}`,
  }
}

function noSuchNode({ method, path }: DialectRequest): Refusal {
  const id = (path[1] ?? '').slice(0, PATH_MAX)
  return {
    code: PARAMETER,
    status: 400,
    type: 'GraphMethodException',
    subcode: NO_SUCH_NODE,
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  }
}

function unknownPath({ path }: DialectRequest): Refusal {
  const shown = path.join('/').slice(0, PATH_MAX)
  return { code: UNKNOWN_PATH, status: 400, message: `Unknown path components: /${shown}` }
}

/** Graph’s own id, to look for there; else ours, to look for here. */
function traceId({ upstream }: Fault, { requestId }: DialectRequest): string {
  const own = upstream?.provider === PROVIDER ? upstream.requestId : undefined
  return own ?? requestId
}
