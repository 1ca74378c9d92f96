import type { CertificatePurpose } from '@latchkey/core'
import {
  FIXTURE_CA,
  FIXTURE_CERTIFICATE,
  FIXTURE_INTERMEDIATE,
  FIXTURE_PRIVATE_KEY,
} from '../shared/fixture-certificate.ts'
import type { AnswerFixture, ExpectedFault, RequestFixture } from '../shared/fixture.ts'

const EXTERNAL_PAGE = '/v1/certificates/external (On-Premises API reference)'
const WEBHOOKS_PAGE = '/v1/certificates/webhooks (On-Premises API reference)'
const RECORDING = 'Recorded answers of a client, v2.33.4'
const ERRORS_PAGE = 'Error and status messages (On-Premises API)'
const SILENT = 'No page shows it; the reading is ours'

const EXTERNAL = ['v1', 'certificates', 'external']
const WEBHOOK_CA = ['v1', 'certificates', 'webhooks', 'ca']
const BEARER = ['Authorization', 'Bearer SESSION_TOKEN'] as const
const TEXT = ['Content-Type', 'text/plain'] as const
const META = { api_status: 'stable', version: '2.33.4' }

/** In the order of the page: private key, certificate, intermediates. */
const BUNDLE = FIXTURE_PRIVATE_KEY + FIXTURE_CERTIFICATE + FIXTURE_INTERMEDIATE
/** Several authorities, as the page concatenates them. */
const AUTHORITIES = FIXTURE_CA + FIXTURE_INTERMEDIATE

const listing = (purpose: CertificatePurpose) => ({ purpose, cursor: null })
const uploading = (purpose: CertificatePurpose, pem: string) => ({
  purpose,
  pem,
  staged: null,
  autoRenewal: null,
})
const SERVER = uploading('server', BUNDLE)
const REMOVAL = { purpose: 'webhook-ca', upstreamId: 'webhook-ca' }

const bare = (method: 'GET' | 'DELETE', path: readonly string[]): RequestFixture['expected'] => ({
  method,
  path,
  query: [],
  headers: [BEARER],
  fields: [],
  encoding: null,
})
const post = (path: readonly string[], text: string): RequestFixture['expected'] => ({
  ...bare('GET', path),
  method: 'POST',
  headers: [BEARER, TEXT],
  encoding: 'text',
  text,
})

export const certificateRequests: readonly RequestFixture[] = [
  {
    name: 'getting the CA certificate',
    source: EXTERNAL_PAGE,
    operation: 'certificate.list',
    input: listing('server-ca'),
    expected: bare('GET', [...EXTERNAL, 'ca']),
  },
  {
    name: 'uploading a certificate, as with curl',
    source: EXTERNAL_PAGE,
    operation: 'certificate.upload',
    input: SERVER,
    expected: post(EXTERNAL, BUNDLE),
  },
  {
    name: 'getting the webhook’s CA certificates',
    source: WEBHOOKS_PAGE,
    operation: 'certificate.list',
    input: listing('webhook-ca'),
    expected: bare('GET', WEBHOOK_CA),
  },
  {
    name: 'uploading CA certificates of the webhook',
    source: WEBHOOKS_PAGE,
    operation: 'certificate.upload',
    input: uploading('webhook-ca', AUTHORITIES),
    expected: post(WEBHOOK_CA, AUTHORITIES),
  },
  {
    name: 'deleting the CA certificates of the webhook',
    source: WEBHOOKS_PAGE,
    operation: 'certificate.remove',
    input: REMOVAL,
    expected: bare('DELETE', WEBHOOK_CA),
  },
]

const PEM_TYPE = { 'Content-Type': 'text/plain;charset=UTF-8' }

const stored = (purpose: CertificatePurpose, pem: string) => ({
  certificates: [
    {
      upstreamId: purpose,
      purpose,
      name: null,
      status: 'installed',
      origin: null,
      issuedTo: null,
      notAfter: null,
      pem,
      autoRenewal: null,
      problem: null,
    },
  ],
  nextCursor: null,
})
const NONE = { certificates: [], nextCursor: null }

const OPERATIONS = {
  list: ['certificate.list', listing('webhook-ca')],
  upload: ['certificate.upload', SERVER],
  remove: ['certificate.remove', REMOVAL],
} as const
type Operation = keyof typeof OPERATIONS
type Told = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>]

function answered(
  [name, source]: readonly [string, string],
  called: Operation,
  [status, body, headers = {}]: Told,
  expected: AnswerFixture['expected'],
): AnswerFixture {
  const [operation, input] = OPERATIONS[called]
  return { name, source, operation, input, response: { status, body, headers }, expected }
}

const stating = (code: number, title: string, details = title) =>
  JSON.stringify({ meta: META, errors: [{ code, title, details }] })

const listed: readonly AnswerFixture[] = [
  {
    name: 'a CA certificate',
    source: `${EXTERNAL_PAGE}; ${RECORDING}`,
    operation: 'certificate.list',
    input: listing('server-ca'),
    response: {
      status: 200,
      headers: { ...PEM_TYPE, 'Content-Disposition': 'attachment; filename="ca.pem"' },
      body: FIXTURE_CA,
    },
    expected: { value: stored('server-ca', FIXTURE_CA) },
  },
  ...(
    [
      ['several CA certificates', WEBHOOKS_PAGE, AUTHORITIES],
      ['CA certificates with CRLF', SILENT, AUTHORITIES.replaceAll('\n', '\r\n')],
      ['CA certificates with a private key', SILENT, FIXTURE_PRIVATE_KEY + AUTHORITIES],
      [
        'CA certificates with text around them',
        SILENT,
        `# ours\n${FIXTURE_CA}\n# theirs\n${FIXTURE_INTERMEDIATE}`,
      ],
    ] as const
  ).map(([name, source, body]) =>
    answered([name, source], 'list', [200, body, PEM_TYPE], {
      value: stored('webhook-ca', AUTHORITIES),
    }),
  ),
  ...(
    [
      ['404 without a body for none', EXTERNAL_PAGE, 404, ''],
      [
        'error 1006 for none',
        RECORDING,
        404,
        stating(1006, 'Resource not found', 'No webhook CA certificates found'),
      ],
      ['null for none', SILENT, 200, 'null'],
      ['{} for none', SILENT, 200, '{}'],
      ['meta alone for none', SILENT, 200, JSON.stringify({ meta: META })],
      ['an empty body for none', SILENT, 200, ''],
      ['an empty 204 for none', SILENT, 204, ''],
    ] as const
  ).map(([name, source, status, body]) =>
    answered([name, source], 'list', [status, body], { value: NONE }),
  ),
]

const done: readonly AnswerFixture[] = (['upload', 'remove'] as const).flatMap((called) =>
  (
    [
      ['null for done', called === 'upload' ? EXTERNAL_PAGE : WEBHOOKS_PAGE, 200, 'null'],
      ['{} for done', WEBHOOKS_PAGE, 200, '{}'],
      ['meta for done', SILENT, 200, JSON.stringify({ meta: META })],
      ['an empty body for done', SILENT, 200, ''],
      ['an empty 204 for done', SILENT, 204, ''],
    ] as const
  ).map(([name, source, status, body]) =>
    answered([name, source], called, [status, body], {
      value: called === 'upload' ? { name: null, status: 'installed' } : {},
    }),
  ),
)

type Refusal = readonly [Operation, number, number, string, Omit<ExpectedFault, 'upstreamCode'>]
const fault = (code: ExpectedFault['code'], effect: 'no' | 'unknown', retryable: boolean) => ({
  code,
  effect,
  retryable,
})
const REFUSED = fault('upstream_rejected', 'no', false)
const UNAUTHORIZED = fault('upstream_unauthorized', 'no', false)
const LIMITED = fault('upstream_rate_limited', 'no', true)
const LOST = fault('upstream_unavailable', 'unknown', true)

const refusals: readonly Refusal[] = [
  ['list', 403, 1005, 'Access denied', UNAUTHORIZED],
  ['list', 429, 1015, 'Too many requests', LIMITED],
  ['list', 500, 1014, 'Internal error', { ...LOST, effect: 'no' }],
  ['list', 200, 1014, 'Internal error', fault('upstream_malformed', 'no', true)],
  ['upload', 401, 1005, 'Access denied', UNAUTHORIZED],
  ['upload', 403, 1005, 'Access denied', UNAUTHORIZED],
  ['upload', 400, 1008, 'Required parameter missing', REFUSED],
  ['upload', 400, 1009, 'Parameter value not valid', REFUSED],
  ['upload', 500, 1014, 'Internal error', LOST],
  ['upload', 429, 1015, 'Too many requests', LIMITED],
  ['upload', 503, 1016, 'System overloaded', LOST],
  ['upload', 200, 1009, 'Parameter value not valid', REFUSED],
  ['remove', 403, 1005, 'Access denied', UNAUTHORIZED],
  ['remove', 404, 1006, 'Resource not found', REFUSED],
  ['remove', 500, 1011, 'Service not ready', LOST],
]

export const certificateAnswers: readonly AnswerFixture[] = [
  ...listed,
  ...done,
  ...refusals.map(([called, status, code, title, expected]) => {
    const upstreamCode =
      expected.code === 'upstream_malformed' ? {} : { upstreamCode: String(code) }
    return answered([title, ERRORS_PAGE], called, [status, stating(code, title)], {
      fault: { ...expected, ...upstreamCode },
    })
  }),
]
