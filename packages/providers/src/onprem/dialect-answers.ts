import { type DialectResponse, Fault, type FaultCode } from '@latchkey/core'
import { detailsOf, retryAfterOf } from '../shared/dialect-refusal.ts'
import { ONPREM_CODES } from './codes.ts'

/** The oldest version that has business public keys: nobody finds less here than it says. */
export const META = { version: 'v2.51.0', api_status: 'stable' } as const

const JSON_TYPE = 'application/json'

export function jsonResponse(status: number, body: unknown): DialectResponse {
  return { status, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body) }
}

export function pemResponse(
  pem: string,
  headers: Readonly<Record<string, string>> = {},
): DialectResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
    body: pem,
  }
}

/** Which of the client's codes says it best; its own status goes with each, where none stands here. */
const REFUSALS: Readonly<Record<FaultCode, readonly [code: number, status?: number]>> = {
  invalid_request: [1009],
  // A bad token has the code of a missing role.
  unauthenticated: [1005, 401],
  forbidden: [1005],
  not_found: [1006],
  method_not_allowed: [1025],
  conflict: [1004],
  quota_exceeded: [1004],
  precondition_failed: [1025],
  payload_too_large: [1009],
  unsupported_media_type: [1025],
  key_invalid: [1009],
  key_is_private: [1009],
  certificate_invalid: [1009],
  idempotency_mismatch: [1025],
  // Of 1006 a client would read that no key is set, or no certificate.
  unsupported_operation: [1025],
  rate_limited: [1015],
  internal: [1014],
  upstream_rejected: [1009],
  // The caller’s credentials are good; those of the connection are not.
  upstream_unauthorized: [1011],
  upstream_malformed: [1014],
  upstream_unavailable: [1016],
  upstream_rate_limited: [1015],
  upstream_timeout: [1014],
}

const PROVIDER = 'onprem'
const MISSING = 1008

/** What the client says where a parameter is not there. */
export function missing(detail: string): Fault {
  const upstream = { provider: PROVIDER, status: null, code: String(MISSING) }
  return new Fault('invalid_request', detail, { upstream })
}

/** A refusal in the client's envelope: its code and title, and our words with every finding as the details. */
export function refuse(fault: Fault): DialectResponse {
  const [code, status] = refusalOf(fault)
  const known = ONPREM_CODES.get(code)
  const response = jsonResponse(status ?? known?.status ?? 500, {
    meta: META,
    errors: [{ code, title: known?.title ?? 'Generic error', details: detailsOf(fault) }],
  })
  return { ...response, headers: { ...response.headers, ...retryAfterOf(fault) } }
}

function refusalOf(fault: Fault): readonly [code: number, status?: number] {
  const own = ownCode(fault)
  if (own !== null) return own
  // Of 1009 a program believes that nothing was done.
  const isInDoubt = fault.code === 'upstream_rejected' && fault.effect === 'unknown'
  return isInDoubt ? REFUSALS.internal : REFUSALS[fault.code]
}

/** The code that a deployment itself gave; that it refused the connection’s credentials is not the caller’s doing. */
function ownCode({ code, upstream }: Fault): readonly [code: number] | null {
  const own = Number(upstream?.code)
  const isOwn = upstream?.provider === PROVIDER && ONPREM_CODES.has(own)
  return isOwn && code !== 'upstream_unauthorized' ? [own] : null
}
