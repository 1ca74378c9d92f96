import { MINUTE } from '@latchkey/core'
import type { Verdict } from './verdict.ts'

/** One documented error: HTTP status and title as Meta's error page lists them, and what it means to us. */
export interface MetaCode {
  readonly status: number
  readonly title: string
  readonly verdict: Verdict
}

const throttled = (reason: string): Verdict => ({ code: 'upstream_rate_limited', reason })
const rejected = (reason: string): Verdict => ({ code: 'upstream_rejected', reason })
const unauthorized = (reason: string): Verdict => ({ code: 'upstream_unauthorized', reason })
/** Meta may have carried a write out before it failed to say so. */
const unavailable = (reason: string): Verdict => ({
  code: 'upstream_unavailable',
  reason,
  effect: 'unknown',
})

const APP_THROTTLED = throttled('the call limit of the app is reached')
const TOKEN = unauthorized('the access token is expired, revoked or malformed')
const PERMISSION = unauthorized('the access token lacks a permission, or access to this number')
const DOWN = unavailable('the service is down or overloaded')
const MAINTENANCE = unavailable('the account is in maintenance mode')
const LOCKED = rejected('Meta has restricted the account')
const PARAMETER = rejected(
  'a parameter is not valid, as Meta’s message says; a key must be RSA of 2048 bits in PEM',
)

/**
 * Cloud API and Graph API error codes that a call of ours can meet (pages "Error codes", "Handle errors"). Partners
 * hand them on.
 */
export const META_CODES: ReadonlyMap<number, MetaCode> = new Map(
  (
    [
      [0, 401, 'AuthException', TOKEN],
      [1, 400, 'API Unknown', unavailable('an unknown error, or a wrong path')],
      [2, 503, 'API Service', DOWN],
      [3, 500, 'API Method', unauthorized('the app lacks the capability')],
      [4, 400, 'API Too Many Calls', APP_THROTTLED],
      [
        10,
        403,
        'Permission Denied',
        unauthorized(
          'permission denied; the number may also have to be allow-listed for business public keys',
        ),
      ],
      [17, 400, 'User Too Many Calls', throttled('the call limit of the token’s user is reached')],
      [33, 400, 'Parameter value is not valid', rejected('the phone number has been deleted')],
      [100, 400, 'Invalid parameter', PARAMETER],
      [102, 401, 'API Session', TOKEN],
      [104, 401, 'API Session', TOKEN],
      [190, 401, 'Access token has expired', TOKEN],
      [341, 400, 'Application limit reached', APP_THROTTLED],
      [368, 403, 'Temporarily blocked for policies violations', LOCKED],
      [
        80007,
        400,
        'Rate limit issues',
        throttled('the WhatsApp Business account’s limit is reached'),
      ],
      [
        80008,
        400,
        'Rate limit issues',
        throttled('the WhatsApp Business account’s limit is reached'),
      ],
      [130429, 400, 'Rate limit hit', throttled('the throughput limit of the number is reached')],
      [
        131000,
        500,
        'Something went wrong',
        unavailable('Meta failed to sign the key or to store it'),
      ],
      [131005, 403, 'Access denied', PERMISSION],
      [131008, 400, 'Required parameter is missing', rejected('a required parameter is missing')],
      [131009, 400, 'Parameter value is not valid', PARAMETER],
      [131016, 500, 'Service unavailable', DOWN],
      [131031, 403, 'Account has been locked', LOCKED],
      [
        131042,
        400,
        'Business eligibility payment issue',
        rejected('a payment issue of the account'),
      ],
      [131045, 500, 'Incorrect certificate', rejected('the number’s registration has failed')],
      [131056, 400, 'Pair rate limit hit', throttled('the pair rate limit is reached')],
      [131057, 500, 'Account in maintenance mode', MAINTENANCE],
      [
        131059,
        400,
        'Invalid paging cursor',
        { ...rejected('the paging cursor is no longer valid; begin again'), retryable: true },
      ],
      [133000, 500, 'Incomplete deregistration', rejected('deregister the phone number again')],
      [133004, 503, 'Server temporarily unavailable', DOWN],
      [
        133010,
        400,
        'Phone number not registered',
        rejected('the phone number is not registered; register it first'),
      ],
      [
        133015,
        400,
        'Please wait a few minutes',
        {
          ...rejected('the phone number was deleted a moment ago'),
          retryable: true,
          retryAfterMs: 5 * MINUTE,
        },
      ],
      [2494100, 503, 'Account in maintenance mode', MAINTENANCE],
    ] as const
  ).map(([code, status, title, verdict]) => [code, { status, title, verdict }]),
)

/** Subcodes of "Handle errors" that say what became of the token, whatever code they come with. */
const TOKEN_SUBCODES: ReadonlyMap<number, Verdict> = new Map([
  [458, unauthorized('the app is not installed for the token’s user')],
  [459, unauthorized('the token’s user has to log in at facebook.com first')],
  [460, unauthorized('the token’s user has changed the password')],
  [463, unauthorized('the access token has expired')],
  [467, unauthorized('the access token is no longer valid')],
])

/** The verdict of a code and subcode; null where neither is known. */
export function verdictOfCode(code: number | null, subcode: number | null): Verdict | null {
  const ofToken = subcode === null ? undefined : TOKEN_SUBCODES.get(subcode)
  if (ofToken !== undefined) return ofToken
  if (code === null) return null
  if (code >= 200 && code <= 299) return PERMISSION
  return META_CODES.get(code)?.verdict ?? null
}
