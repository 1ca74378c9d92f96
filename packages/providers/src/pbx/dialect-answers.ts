import type { DialectRequest, DialectResponse, Fault, FaultCode } from '@latchkey/core'
import { PBX_CODES, TOKEN_EXPIRED } from './codes.ts'

const INTERNAL = -2
const FAILURE = -1
const NO_INTERFACE = 10_001
const ACCESS_DENIED = 10_005
const PARAMETER_ERROR = 40_002
const DUPLICATE = 40_003
const TOO_LARGE = 40_004
const NOT_FOUND = 60_001
const LIMIT = 60_002
const BUSY = 70_082

/** Which of the PBX's codes says it best. */
const REFUSALS: Readonly<Record<FaultCode, number>> = {
  invalid_request: PARAMETER_ERROR,
  unauthenticated: TOKEN_EXPIRED,
  forbidden: ACCESS_DENIED,
  not_found: NOT_FOUND,
  method_not_allowed: NO_INTERFACE,
  conflict: DUPLICATE,
  quota_exceeded: LIMIT,
  precondition_failed: PARAMETER_ERROR,
  payload_too_large: TOO_LARGE,
  unsupported_media_type: PARAMETER_ERROR,
  key_invalid: PARAMETER_ERROR,
  key_is_private: PARAMETER_ERROR,
  certificate_invalid: PARAMETER_ERROR,
  idempotency_mismatch: PARAMETER_ERROR,
  unsupported_operation: PARAMETER_ERROR,
  rate_limited: BUSY,
  internal: INTERNAL,
  upstream_rejected: FAILURE,
  // The caller’s token is good; the credentials of the connection are not.
  upstream_unauthorized: FAILURE,
  upstream_malformed: INTERNAL,
  upstream_unavailable: INTERNAL,
  upstream_rate_limited: BUSY,
  upstream_timeout: INTERNAL,
}

const PROVIDER = 'pbx'

/** An answer that is no failure. */
export function answered(fields: Readonly<Record<string, unknown>> = {}): DialectResponse {
  return json({ errcode: 0, errmsg: 'SUCCESS', ...fields })
}

/** A refusal as the PBX has it: 200, a code, and in its list of parameters what is wrong with which. */
export function refuse(fault: Fault, { path }: DialectRequest): DialectResponse {
  // A login that fails says which field was wrong; every other call, that its token has ended.
  if (fault.code === 'unauthenticated' && path.at(-1) === 'get_token') {
    const invalid = [{ field: 'username or password', value: 'error' }]
    return json({ errcode: FAILURE, errmsg: titleOf(FAILURE), invalid_param_list: invalid })
  }
  const code = ownCode(fault) ?? (isInDoubt(fault) ? INTERNAL : REFUSALS[fault.code])
  return json({
    errcode: code,
    errmsg: titleOf(code),
    ...(code === TOKEN_EXPIRED ? {} : { invalid_param_list: detailsOf(fault) }),
  })
}

/** The code that a PBX itself gave; that it refused the connection’s credentials is not the caller’s doing. */
function ownCode({ code, upstream }: Fault): number | null {
  const own = Number(upstream?.code)
  if (upstream?.provider !== PROVIDER || !PBX_CODES.has(own)) return null
  return code === 'upstream_unauthorized' ? null : own
}

/** Of a failure a program believes that nothing was done. */
function isInDoubt({ code, effect }: Fault): boolean {
  return code === 'upstream_rejected' && effect === 'unknown'
}

function detailsOf({ message, findings, errors }: Fault) {
  const wrong = [
    ...findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => ({ field: finding.code, value: finding.message })),
    ...errors.map((error) => ({ field: error.pointer.slice(1), value: error.message })),
  ]
  return wrong.length > 0 ? wrong : [{ field: 'detail', value: message }]
}

function titleOf(code: number): string {
  return PBX_CODES.get(code)?.title ?? 'FAILURE'
}

function json(body: object): DialectResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
