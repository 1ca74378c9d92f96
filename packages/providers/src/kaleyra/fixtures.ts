import { MINUTE } from '@latchkey/core'
import type { AnswerFixture, ExpectedFault, ProviderFixtures } from '../shared/fixture.ts'
import { FIXTURE_KEY, FIXTURE_PEM } from '../shared/fixture-key.ts'

const SET_PAGE = 'Set Encryption Public Key (WhatsApp Flow API v2)'
const CODES_PAGE = 'Error codes for sending messages'
const SILENT = 'No page shows it; the reading is ours'
const PUBLISH = { upstreamId: '+919876543210', publicKey: FIXTURE_KEY }

type Outcome = readonly [code: ExpectedFault['code'], effect: 'no' | 'unknown', retryable: boolean]

const UNAUTHORIZED: Outcome = ['upstream_unauthorized', 'no', false]
const REJECTED: Outcome = ['upstream_rejected', 'no', false]
const THROTTLED: Outcome = ['upstream_rate_limited', 'no', true]
const UNKNOWN: Outcome = ['upstream_unavailable', 'unknown', true]

interface Told {
  readonly status: number
  readonly code: string | number
  readonly data?: unknown
  readonly error: unknown
  readonly retryAfterMs?: number
}

function refused(name: string, source: string, told: Told, outcome: Outcome): AnswerFixture {
  const [fault, effect, retryable] = outcome
  const { status, code, data = {}, error, retryAfterMs } = told
  return {
    name,
    source,
    operation: 'encryptionKey.publish',
    input: PUBLISH,
    response: { status, body: JSON.stringify({ code, message: name, data, error }) },
    expected: {
      fault: {
        code: fault,
        effect,
        retryable,
        upstreamCode: String(code),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    },
  }
}

const WRONG_KEY = 'Incorrect SID or API key.'
const WRONG_PAYLOAD = { payload: 'Incorrect payload format' }
const INTERNAL = { error: 'Internal server error' }

export const kaleyraFixtures: ProviderFixtures = {
  config: { sid: 'HXAP16XXXXXX97IN', pod: 'in' },
  credentials: { apiKey: 'Axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx3' },
  ids: [
    ['+919876543210', '+919876543210'],
    [' +91 98765-43210 ', '+919876543210'],
    ['+1 (415) 555.0100', '+14155550100'],
    ['+49\u00A0151\u20102345678', '+491512345678'],
    ['919876543210', null],
    ['00919876543210', null],
    ['09876543210', null],
    ['+44 (0)20 7946 0000', null],
    ['+0919876543210', null],
    ['+91987654321098765', null],
    ['+91/../98765', null],
    ['++919876543210', null],
    ['', null],
  ],
  refused: [
    { name: 'a pod that there is not', config: { pod: 'us' } },
    { name: 'neither pod nor base URL', config: { pod: undefined } },
    { name: 'both pod and base URL', config: { baseUrl: 'https://api.ap.kaleyra.io' } },
    { name: 'a SID that is a path', config: { sid: '../v1' } },
    { name: 'an API key with a space', credentials: { apiKey: 'A x' } },
  ],
  requests: [
    {
      name: 'setting a key',
      source: SET_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      expected: {
        method: 'POST',
        path: ['v2', 'HXAP16XXXXXX97IN', 'whatsapp', '+919876543210', 'flows_encryption'],
        query: [],
        headers: [
          ['api-key', 'Axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx3'],
          ['Content-Type', 'application/x-www-form-urlencoded'],
        ],
        fields: [['business_public_key', FIXTURE_PEM]],
        encoding: 'form',
      },
    },
  ],
  answers: [
    {
      name: 'a key that was taken',
      source: SET_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      response: {
        status: 200,
        body: '{"code":"WA-200","message":"Request Processed Successfully","data":{"success":true},"error":{}}',
      },
      expected: { value: {} },
    },
    {
      name: 'a key that was taken, without the dash and with the page’s "Accepted"',
      source: CODES_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      response: { status: 202, body: '{"code":"WA200","data":{"success":"true"},"error":[]}' },
      expected: { value: {} },
    },
    refused(
      WRONG_KEY,
      SET_PAGE,
      { status: 401, code: 'RBC001', data: [], error: { error: WRONG_KEY } },
      UNAUTHORIZED,
    ),
    refused(
      'Not for you',
      SET_PAGE,
      { status: 401, code: 'WA-401', error: 'Not for you' },
      UNAUTHORIZED,
    ),
    refused(
      'Not for you',
      CODES_PAGE,
      { status: 401, code: 'WA401', error: { error: 'No' } },
      UNAUTHORIZED,
    ),
    refused(
      'Wrong payload',
      SET_PAGE,
      { status: 400, code: 'WA-400', error: WRONG_PAYLOAD },
      REJECTED,
    ),
    refused(
      'Wrong payload',
      CODES_PAGE,
      { status: 400, code: 'WA400', error: 'payload' },
      REJECTED,
    ),
    refused(
      'Please try again later',
      SET_PAGE,
      { status: 500, code: 'WA-500', error: INTERNAL, retryAfterMs: 5 * MINUTE },
      UNKNOWN,
    ),
    refused(
      'Please try again later',
      CODES_PAGE,
      { status: 500, code: 'WA500', error: 'later', retryAfterMs: 5 * MINUTE },
      UNKNOWN,
    ),
    refused('Insufficient balance', CODES_PAGE, { status: 400, code: 'E110', error: {} }, REJECTED),
    refused('Daily limit', CODES_PAGE, { status: 400, code: 'WAV2101', error: null }, THROTTLED),
    refused(
      'Rate limit issues',
      'Cloud API error codes',
      { status: 400, code: 80007, error: {} },
      THROTTLED,
    ),
    refused(
      'Not registered',
      'Cloud API error codes',
      { status: 400, code: '133010', error: {} },
      REJECTED,
    ),
    refused('An error in a success', SILENT, { status: 200, code: 'WA-400', error: {} }, REJECTED),
    refused(
      'A code that no page lists',
      SILENT,
      { status: 418, code: 'WA-418', error: {} },
      REJECTED,
    ),
    refused(
      'A success that did not succeed',
      SILENT,
      { status: 200, code: 'WA-200', data: { success: false }, error: {} },
      ['upstream_rejected', 'unknown', false],
    ),
    refused(
      'A success that says nothing',
      SILENT,
      { status: 200, code: 'WA-200', data: {}, error: {} },
      ['upstream_malformed', 'unknown', true],
    ),
    refused(
      'A success that its status denies',
      SILENT,
      { status: 400, code: 'WA-200', data: { success: true }, error: {} },
      ['upstream_malformed', 'unknown', true],
    ),
  ],
}
