import { MINUTE } from '@latchkey/core'
import type { AnswerFixture, ExpectedFault } from '../shared/fixture.ts'
import { FIXTURE_KEY } from '../shared/fixture-key.ts'

const CODES_PAGE = 'Cloud API error codes'
const PUBLISH = { upstreamId: '106540352242922', publicKey: FIXTURE_KEY }

type Outcome = readonly [code: ExpectedFault['code'], effect: 'no' | 'unknown', retryable: boolean]

const THROTTLED: Outcome = ['upstream_rate_limited', 'no', true]
const UNAUTHORIZED: Outcome = ['upstream_unauthorized', 'no', false]
const REJECTED: Outcome = ['upstream_rejected', 'no', false]
const UNKNOWN: Outcome = ['upstream_unavailable', 'unknown', true]

function refused(
  name: string,
  status: number,
  error: Readonly<Record<string, unknown>> & { readonly code: unknown },
  [code, effect, retryable]: Outcome,
  more: {
    readonly headers?: Readonly<Record<string, string>>
    readonly retryAfterMs?: number
  } = {},
): AnswerFixture {
  const { headers, retryAfterMs } = more
  const text = { message: `(#${String(error.code)}) ${name}`, type: 'OAuthException' }
  const body = JSON.stringify({ error: { ...text, fbtrace_id: 'A6s4Q9x0', ...error } })
  return {
    name,
    source: CODES_PAGE,
    operation: 'encryptionKey.publish',
    input: PUBLISH,
    response: { status, body, ...(headers === undefined ? {} : { headers }) },
    expected: {
      fault: {
        code,
        effect,
        retryable,
        upstreamCode: String(error.code),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    },
  }
}

const BUSINESS_USAGE = JSON.stringify({
  '102290129340398': [usage('whatsapp_business_management', 100, 12), usage('whatsapp', 3, 0)],
  '105954558954427': [usage('whatsapp', 1, 7)],
})

function usage(type: string, calls: number, minutes: number): Readonly<Record<string, unknown>> {
  return {
    type,
    call_count: calls,
    total_cputime: 1,
    total_time: 1,
    estimated_time_to_regain_access: minutes,
  }
}

export const graphFaultAnswers: readonly AnswerFixture[] = [
  refused('Application request limit reached', 400, { code: 4 }, THROTTLED, {
    headers: { 'x-business-use-case-usage': BUSINESS_USAGE },
    retryAfterMs: 12 * MINUTE,
  }),
  refused('Too many calls, told when to come back', 429, { code: 17 }, THROTTLED, {
    headers: { 'Retry-After': '90' },
    retryAfterMs: 90_000,
  }),
  refused('Rate limit issues', 400, { code: 80007 }, THROTTLED),
  refused('Rate limit hit', 400, { code: 130429 }, THROTTLED),
  refused(
    'Rate limit issues, wrongly called final',
    400,
    { code: 80007, is_transient: false },
    THROTTLED,
  ),
  refused('AuthException', 401, { code: 0 }, UNAUTHORIZED),
  refused('Permission denied', 403, { code: 10 }, UNAUTHORIZED),
  refused('Session key invalid', 401, { code: 102 }, UNAUTHORIZED),
  refused('Access token has expired', 401, { code: 190 }, UNAUTHORIZED),
  refused('App not installed', 400, { code: 190, error_subcode: 458 }, UNAUTHORIZED),
  refused('Permissions error', 403, { code: 200, error_subcode: 1349174 }, UNAUTHORIZED),
  refused('Permission, the last of its range', 403, { code: 299 }, UNAUTHORIZED),
  refused('Access denied', 403, { code: 131005 }, UNAUTHORIZED),
  refused('Invalid parameter', 400, { code: 100, error_data: { details: 'Not a key' } }, REJECTED),
  refused('Invalid parameter, its details a text', 400, { code: 100, error_data: 'x' }, REJECTED),
  refused('Invalid parameter, its code a text', 400, { code: '100' }, REJECTED),
  refused('Invalid parameter, called transient', 400, { code: 100, is_transient: true }, [
    'upstream_rejected',
    'no',
    true,
  ]),
  refused('Phone number not registered', 400, { code: 133010 }, REJECTED),
  refused('Account has been locked', 403, { code: 131031 }, REJECTED),
  refused('A code that no page lists', 400, { code: 987654 }, REJECTED),
  refused('Something went wrong', 500, { code: 131000 }, UNKNOWN),
  refused('Unknown error', 400, { code: 1 }, UNKNOWN),
  refused('Service temporarily unavailable', 503, { code: 2 }, UNKNOWN),
  refused('Service unavailable', 500, { code: 131016 }, UNKNOWN),
  refused('Server temporarily unavailable', 503, { code: 133004 }, UNKNOWN),
  refused('Account in maintenance mode', 500, { code: 131057 }, UNKNOWN),
  refused('Maintenance', 503, { code: 2494100 }, UNKNOWN),
  refused(
    'Transient, by a code that no page lists',
    400,
    { code: 987654, is_transient: true },
    UNKNOWN,
  ),
  refused('An error in a success', 200, { code: 190 }, UNAUTHORIZED),
  {
    name: 'a success that did not succeed',
    source: 'No page shows it; the reading is ours',
    operation: 'encryptionKey.publish',
    input: PUBLISH,
    response: { status: 200, body: '{"success":false}' },
    expected: { fault: { code: 'upstream_rejected', effect: 'unknown', retryable: false } },
  },
  {
    name: 'a success that says nothing',
    source: 'No page shows it; the reading is ours',
    operation: 'encryptionKey.publish',
    input: PUBLISH,
    response: { status: 200, body: '{"data":[]}' },
    expected: { fault: { code: 'upstream_malformed', effect: 'unknown', retryable: true } },
  },
]
