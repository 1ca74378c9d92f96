import type { AnswerFixture, ExpectedFault, ProviderFixtures } from '../shared/fixture.ts'
import { certificateAnswers, certificateRequests } from './fixtures-certificates.ts'
import { FIXTURE_KEY, FIXTURE_PEM, READINGS } from '../shared/fixture-key.ts'

const KEY_PAGE = 'WhatsApp Business Encryption (On-Premises API reference)'
const LOGIN_PAGE = 'Login and authentication (On-Premises API)'
const RECORDING = 'Recorded answers of a client, v2.33.4'
const ERRORS_PAGE = 'Error and status messages (On-Premises API)'
const SILENT = 'No page shows it; the reading is ours'

const PATH = ['v1', 'settings', 'business', 'whatsapp_business_encryption']
const PUBLISH = { upstreamId: 'default', publicKey: FIXTURE_KEY }
const META = { version: 'v2.33.4', api_status: 'stable' }
const BEARER = ['Authorization', 'Bearer SESSION_TOKEN'] as const
/** RFC 7617 §2.1: the user "test" with the password "123£", in UTF-8. */
const BASIC_UTF8 = ['Authorization', 'Basic dGVzdDoxMjPCow=='] as const

type Outcome = readonly [code: ExpectedFault['code'], effect: 'no' | 'unknown', retryable: boolean]

function refused(
  status: number,
  code: number,
  title: string,
  [fault, effect, retryable]: Outcome,
): AnswerFixture {
  return {
    name: title,
    source: ERRORS_PAGE,
    operation: 'encryptionKey.publish',
    input: PUBLISH,
    response: {
      status,
      headers: { 'X-Request-ID': '6d3a1b' },
      body: JSON.stringify({ meta: META, errors: [{ code, title, details: `${title}.` }] }),
    },
    expected: { fault: { code: fault, effect, retryable, upstreamCode: String(code) } },
  }
}

function answered(
  name: string,
  source: string,
  operation: AnswerFixture['operation'],
  body: unknown,
  value: object,
): AnswerFixture {
  const response = { status: 200, body: JSON.stringify(body) }
  return { name, source, operation, input: PUBLISH, response, expected: { value } }
}

const entry = (key: unknown, status: unknown) => ({
  business_public_key: key,
  business_public_key_signature_status: status,
})
const user = (expires_after: unknown) => ({
  users: [{ token: 'SESSION_TOKEN', expires_after }],
  meta: META,
})
const session = (expiresAt: number | null) => ({ secret: 'SESSION_TOKEN', expiresAt })
const LOGIN_END = Date.UTC(2099, 6, 25, 8, 50, 48)

const requestOf = (fields: readonly (readonly [string, string])[], encoding: 'form' | 'json') => ({
  method: 'POST' as const,
  path: PATH,
  query: [],
  headers: [
    BEARER,
    [
      'Content-Type',
      encoding === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    ] as const,
  ],
  fields,
  encoding,
})

export const onpremFixtures: ProviderFixtures = {
  config: { baseUrl: 'https://whatsapp.example.com:9090' },
  credentials: { username: 'test', password: '123£' },
  ids: [
    ['default', 'default'],
    ['+14155550100', '+14155550100'],
    ['+1 (415) 555-0100', '+14155550100'],
    ['4155550100', null],
    ['Default', null],
    ['', null],
  ],
  refused: [
    { name: 'no base URL', config: { baseUrl: undefined } },
    { name: 'a base URL that is none', config: { baseUrl: 'whatsapp.example.com' } },
    { name: 'an encoding that there is not', config: { publishEncoding: 'multipart' } },
    { name: 'no trust at all', config: { tls: { rejectUnauthorized: false } } },
    { name: 'a pin that is none', config: { tls: { pinnedFingerprint: 'sha256:00' } } },
    { name: 'both ways to log in', credentials: { token: 'SESSION_TOKEN' } },
    { name: 'a user name with a colon', credentials: { username: 'te:st' } },
    { name: 'a password with half a character', credentials: { password: '\uD800' } },
  ],
  requests: [
    {
      name: 'setting a key as a form',
      source: KEY_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      expected: requestOf([['public_key', FIXTURE_PEM]], 'form'),
    },
    {
      name: 'setting a key as JSON',
      source: KEY_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      config: { publishEncoding: 'json' },
      expected: requestOf([['public_key', FIXTURE_PEM]], 'json'),
    },
    {
      name: 'getting a key',
      source: KEY_PAGE,
      operation: 'encryptionKey.read',
      input: PUBLISH,
      expected: {
        method: 'GET',
        path: PATH,
        query: [],
        headers: [BEARER],
        fields: [],
        encoding: null,
      },
    },
    {
      name: 'logging in',
      source: LOGIN_PAGE,
      operation: 'session.open',
      input: {},
      expected: {
        method: 'POST',
        path: ['v1', 'users', 'login'],
        query: [],
        headers: [BASIC_UTF8],
        fields: [],
        encoding: null,
      },
    },
    {
      name: 'asking for its health',
      source: 'Health (On-Premises API)',
      operation: 'connection.check',
      input: {},
      expected: {
        method: 'GET',
        path: ['v1', 'health'],
        query: [],
        headers: [BEARER],
        fields: [],
        encoding: null,
      },
    },
    ...certificateRequests,
  ],
  answers: [
    answered('a key that was taken', KEY_PAGE, 'encryptionKey.publish', { meta: META }, {}),
    answered('null for done', 'Webhook CA certificates', 'encryptionKey.publish', null, {}),
    answered('{} for done', 'Webhook CA certificates', 'encryptionKey.publish', {}, {}),
    answered(
      'a flat key',
      KEY_PAGE,
      'encryptionKey.read',
      entry(FIXTURE_PEM, 'VALID'),
      READINGS.valid,
    ),
    answered(
      'a key with meta',
      SILENT,
      'encryptionKey.read',
      { ...entry(FIXTURE_PEM, 'MISMATCH'), meta: META },
      READINGS.mismatch,
    ),
    answered(
      'a key in its settings',
      SILENT,
      'encryptionKey.read',
      {
        settings: { business: { whatsapp_business_encryption: entry(FIXTURE_PEM, 'VALID') } },
        meta: META,
      },
      READINGS.valid,
    ),
    answered('a blank key', SILENT, 'encryptionKey.read', entry('', 'MISMATCH'), READINGS.unset),
    answered('meta alone', SILENT, 'encryptionKey.read', { meta: META }, READINGS.unset),
    {
      name: 'error 1006 for no key',
      source: `${RECORDING}, of the webhook CA certificate`,
      operation: 'encryptionKey.read',
      response: {
        status: 404,
        body: JSON.stringify({ meta: META, errors: [{ code: 1006, title: 'Resource not found' }] }),
      },
      expected: { value: READINGS.unset },
    },
    answered('null for no key', SILENT, 'encryptionKey.read', null, READINGS.unset),
    answered('empty settings', SILENT, 'encryptionKey.read', { settings: {} }, READINGS.unset),
    answered(
      'a login',
      RECORDING,
      'session.open',
      user('2099-07-25 08:50:48+00:00'),
      session(LOGIN_END),
    ),
    answered(
      'a login with Z',
      SILENT,
      'session.open',
      user('2099-07-25T08:50:48Z'),
      session(LOGIN_END),
    ),
    answered('a login without its end', SILENT, 'session.open', user(undefined), session(null)),
    answered(
      'a login that has ended already',
      SILENT,
      'session.open',
      user('2001-07-25 08:50:48+00:00'),
      session(null),
    ),
    answered(
      'its health',
      'Health (On-Premises API)',
      'connection.check',
      { meta: META, health: { gateway_status: 'connected' } },
      {},
    ),
    refused(403, 1005, 'Access denied', ['upstream_unauthorized', 'no', false]),
    refused(404, 1006, 'Resource not found', ['upstream_rejected', 'no', false]),
    refused(400, 1008, 'Required parameter missing', ['upstream_rejected', 'no', false]),
    refused(400, 1009, 'Parameter value not valid', ['upstream_rejected', 'no', false]),
    refused(500, 1011, 'Service not ready', ['upstream_unavailable', 'unknown', true]),
    refused(500, 1014, 'Internal error', ['upstream_unavailable', 'unknown', true]),
    refused(429, 1015, 'Too many requests', ['upstream_rate_limited', 'no', true]),
    refused(503, 1016, 'System overloaded', ['upstream_unavailable', 'unknown', true]),
    refused(401, 1024, 'Password change required', ['upstream_unauthorized', 'no', false]),
    refused(403, 1031, 'Sender account locked', ['upstream_rejected', 'no', false]),
    refused(500, 1099, 'A code that no page lists', ['upstream_unavailable', 'unknown', true]),
    refused(200, 1008, 'An error in a success', ['upstream_rejected', 'no', false]),
    ...certificateAnswers,
  ],
}
