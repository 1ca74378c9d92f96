import { MINUTE } from '@latchkey/core'
import type { Verdict } from '../shared/verdict.ts'

export interface PbxCode {
  readonly title: string
  /** Null: no failure. */
  readonly verdict: Verdict | null
}

const rejected = (reason: string): Verdict => ({ code: 'upstream_rejected', reason })
const unauthorized = (reason: string): Verdict => ({ code: 'upstream_unauthorized', reason })

const FAILURE = -1
export const PROCESSING = 2
export const TOKEN_EXPIRED = 10004
export const DATA_NOT_FOUND = 60001
const MAX_LIMITATION_EXCEEDED = 60002
const IP_BLOCKED = 70004

/** Tokens end one after the other: by then one of them may have. */
const TOKENS_PAUSE_MS = 5 * MINUTE

/** Every answer's `errcode` (page "Error code and error message"); 1 and 2 say that it is being done. */
export const PBX_CODES: ReadonlyMap<number, PbxCode> = new Map(
  (
    [
      [
        -2,
        'INTERNAL SERVER ERROR',
        {
          code: 'upstream_unavailable',
          reason: 'the PBX had an internal error',
          effect: 'unknown',
        },
      ],
      [FAILURE, 'FAILURE', rejected('the PBX says that it failed, without a reason')],
      [0, 'SUCCESS', null],
      [1, 'PARTIAL SUCCESS', null],
      [PROCESSING, 'PROCESSING', null],
      [10001, 'INTERFACE NOT EXISTED', rejected('the PBX’s firmware does not have this call')],
      [10002, 'API VERSION OUT OF MAINTENANCE', rejected('the PBX no longer has this API version')],
      [10003, 'API VERSION UNSUPPORTED', rejected('the PBX does not have this API version')],
      [TOKEN_EXPIRED, 'TOKEN EXPIRED', unauthorized('the session has ended')],
      [
        10005,
        'ACCESS DENIED',
        unauthorized('access denied: the API client lacks the permission (Integrations > API)'),
      ],
      [40001, 'PARAMETER SYNTAX ERROR', rejected('the PBX cannot read a parameter')],
      [
        40002,
        'PARAMETER ERROR',
        rejected('a parameter is not valid, or the object cannot be operated on'),
      ],
      [40003, 'DUPLICATE KEY VALUE', rejected('one of this name is there already')],
      [40004, 'FILE SIZE EXCEEDED', rejected('the file is too large for the PBX')],
      [DATA_NOT_FOUND, 'DATA NOT FOUND', rejected('the PBX does not have it')],
      [
        MAX_LIMITATION_EXCEEDED,
        'MAX LIMITATION EXCEEDED',
        rejected('the PBX holds as many of these as it can; delete one first'),
      ],
      [60101, 'ROLE NOT EXISTED', rejected('the role does not exist')],
      [
        IP_BLOCKED,
        'ACCOUNT IP BLOCKED',
        unauthorized(
          'this address is blocked after failed logins; unblock it under Security > Security Rules > Blocked IPs',
        ),
      ],
      [
        70082,
        'OVERLOAD_TASK_RUNNING',
        { code: 'upstream_unavailable', reason: 'the PBX is busy with a heavy task' },
      ],
      [70084, 'ACTION FORBIDDEN', rejected('the PBX forbids it')],
      [
        70087,
        'IP FORBIDDEN',
        unauthorized('the PBX does not permit this address (Integrations > API)'),
      ],
      [
        70091,
        'CONNECTION_RELATION_EXISTED',
        rejected('it is in use elsewhere on the PBX; put another one in use first'),
      ],
      [70093, 'PHONEBOOK_NOT_EXISTED', rejected('the phonebook does not exist')],
      [70106, 'RATE_NOT_EXISTED', rejected('the rate does not exist')],
      [70120, 'ORGANIZATION DISABLED', rejected('the organization is disabled')],
    ] as const
  ).map(([code, title, verdict]) => [code, { title, verdict }]),
)

/** What codes mean to a login. */
export const LOGIN_VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [FAILURE, unauthorized('the PBX does not accept the client ID and secret')],
  [
    MAX_LIMITATION_EXCEEDED,
    {
      code: 'upstream_rate_limited',
      reason:
        'the API client has the 8 tokens that the PBX allows; each ends by itself within half an hour, unless who uses it gives it back',
      retryAfterMs: TOKENS_PAUSE_MS,
    },
  ],
])

/** For a code that the table does not have; it goes on behind 70120. */
export const UNKNOWN_CODE: Verdict = {
  code: 'upstream_rejected',
  reason: 'the PBX answered with a code that is not documented',
  effect: 'unknown',
}
