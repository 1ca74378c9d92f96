import type { Verdict } from '../shared/verdict.ts'

/** One documented error: its title and HTTP status, and what it means to us. */
export interface OnpremCode {
  readonly status: number
  readonly title: string
  readonly verdict: Verdict
}

const rejected = (reason: string): Verdict => ({ code: 'upstream_rejected', reason })
const unauthorized = (reason: string): Verdict => ({ code: 'upstream_unauthorized', reason })
/** The deployment has many nodes: one may have done what another fails to confirm. */
const unavailable = (reason: string): Verdict => ({
  code: 'upstream_unavailable',
  reason,
  effect: 'unknown',
})

const INTERNAL = unavailable('the deployment had an internal error')
const NODE = unavailable('the node that answered is not the primary one')
/** Of messages and groups, which no call of ours is about. */
const UNRELATED = rejected('the deployment took it for a call about messages or groups')

const ACCESS_DENIED = 1005
const VALUE_NOT_VALID = 1009
export const NOT_FOUND = 1006
export const PASSWORD_CHANGE_REQUIRED = 1024

/** On-Premises API error codes (page "Error and status messages"). */
export const ONPREM_CODES: ReadonlyMap<number, OnpremCode> = new Map(
  (
    [
      [0, 500, 'undefined', INTERNAL],
      [1000, 500, 'Generic error', INTERNAL],
      [1001, 400, 'Message too long', UNRELATED],
      [1002, 400, 'Invalid recipient type', UNRELATED],
      [1003, 400, 'Not group participant', UNRELATED],
      [1004, 409, 'Resource already exists', rejected('the resource exists already')],
      [
        ACCESS_DENIED,
        403,
        'Access denied',
        unauthorized('access denied; the user may have to be an admin'),
      ],
      [
        NOT_FOUND,
        404,
        'Resource not found',
        rejected('no such resource; business public keys need client v2.51 or newer'),
      ],
      [1007, 403, 'Recipient blocked', UNRELATED],
      [1008, 400, 'Required parameter missing', rejected('a required parameter is missing')],
      [
        VALUE_NOT_VALID,
        400,
        'Parameter value not valid',
        rejected('a parameter is not valid: the key must be RSA of 2048 bits in PEM'),
      ],
      [1010, 400, 'Parameter not required', rejected('a parameter is not wanted')],
      [1011, 500, 'Service not ready', unavailable('the deployment is not ready yet')],
      [1012, 404, 'Group unknown', UNRELATED],
      [1013, 400, 'User not valid', rejected('the user is not valid')],
      [1014, 500, 'Internal error', INTERNAL],
      [
        1015,
        429,
        'Too many requests',
        { code: 'upstream_rate_limited', reason: 'the deployment asks to slow down' },
      ],
      [1016, 503, 'System overloaded', unavailable('the deployment is overloaded')],
      [1017, 500, 'Not primary master', NODE],
      [1018, 500, 'Not primary coreapp', NODE],
      [1019, 400, 'Not group admin', UNRELATED],
      [1020, 400, 'Bad group', UNRELATED],
      [1021, 400, 'Bad user', UNRELATED],
      [1022, 412, 'Webhooks URL not configured', rejected('the webhooks URL is not configured')],
      [1023, 500, 'Database error', unavailable('the deployment’s database failed')],
      [
        PASSWORD_CHANGE_REQUIRED,
        401,
        'Password change required',
        unauthorized('the user’s first password has to be changed before anything else'),
      ],
      [1025, 400, 'Request not valid', rejected('the deployment does not understand the request')],
      [1026, 501, 'Receiver incapable', UNRELATED],
      [1031, 403, 'Sender account locked', rejected('Meta has locked the account of the number')],
    ] as const
  ).map(([code, status, title, verdict]) => [code, { status, title, verdict }]),
)

/** What codes mean where the call was about certificates; the pages ask for the admin role there alone. */
export const CERTIFICATE_REASONS: ReadonlyMap<number, string> = new Map([
  [ACCESS_DENIED, 'access denied: certificates need a user with the admin role'],
  [NOT_FOUND, 'the deployment has no such certificate'],
  [VALUE_NOT_VALID, 'the deployment does not take this certificate'],
])
