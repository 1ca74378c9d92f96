import type { AnswerFixture } from '../shared/fixture.ts'
import { FIXTURE_KEY, FIXTURE_PEM, READINGS } from '../shared/fixture-key.ts'

const REFERENCE = 'Business Encryption API reference (v23.0)'
const OLD_PAGE = 'WhatsApp Business Encryption (Cloud API reference)'
const POSTMAN = 'Postman collection "WhatsApp Flows API" (Meta)'
const NUMBERS_PAGE = 'Phone number management API reference'
const SILENT = 'No page shows it; the reading is ours'

const MALFORMED = { code: 'upstream_malformed', effect: 'no', retryable: true } as const

function reading(name: string, source: string, body: unknown, value: object): AnswerFixture {
  const response = { status: 200, body: JSON.stringify(body) }
  return { name, source, operation: 'encryptionKey.read', response, expected: { value } }
}

function unreadable(name: string, body: unknown): AnswerFixture {
  const response = { status: 200, body: JSON.stringify(body) }
  const expected = { fault: MALFORMED }
  return { name, source: SILENT, operation: 'encryptionKey.read', response, expected }
}

const entry = (key: unknown, status: unknown) => ({
  business_public_key: key,
  business_public_key_signature_status: status,
})
const warned = (status: string, publicKey: unknown, ...codes: readonly string[]) => ({
  status,
  publicKey,
  warnings: codes.map((code) => ({ code })),
})

const keys: readonly AnswerFixture[] = [
  reading('a valid key', POSTMAN, { data: [entry(FIXTURE_KEY.pem, 'VALID')] }, READINGS.valid),
  reading('a flat valid key', OLD_PAGE, entry(FIXTURE_PEM, 'VALID'), READINGS.valid),
  reading(
    'a key whose signature no longer fits',
    OLD_PAGE,
    entry(FIXTURE_PEM, 'MISMATCH'),
    READINGS.mismatch,
  ),
  reading('a blank key', REFERENCE, { data: [entry(' ', 'MISMATCH')] }, READINGS.unset),
  reading('an empty list', 'a public SDK’s tests', { data: [] }, READINGS.unset),
  reading('an entry without fields', SILENT, { data: [{}] }, READINGS.unset),
  reading('a null key', SILENT, entry(null, null), READINGS.unset),
  reading('the node’s id alone', SILENT, { id: '106540352242922' }, READINGS.unset),
  reading(
    'a status without a key',
    REFERENCE,
    { data: [{ business_public_key_signature_status: 'VALID' }] },
    warned('valid', null, 'upstream_key_not_told'),
  ),
  reading(
    'a status that no page lists',
    SILENT,
    entry(FIXTURE_PEM, 'PENDING'),
    warned('unknown', FIXTURE_KEY, 'upstream_status_unknown'),
  ),
  reading(
    'something that is no key',
    SILENT,
    entry('<2048_bit_RSA_key>', 'VALID'),
    warned('valid', null, 'upstream_key_unreadable'),
  ),
  unreadable('two keys', { data: [entry(FIXTURE_PEM, 'VALID'), entry(FIXTURE_PEM, 'MISMATCH')] }),
  unreadable('a write’s answer', { success: true }),
  unreadable('a key that is a number', entry(42, 'VALID')),
  unreadable('a list of no data', { data: 'none' }),
  unreadable('null', null),
]

const NEXT = 'https://graph.facebook.com/v21.0/102290129340398/phone_numbers?access_token=T&after=B'

function page(name: string, source: string, body: unknown, value: object | null): AnswerFixture {
  const response = { status: 200, body: JSON.stringify(body) }
  const input = { cursor: 'A' }
  const expected = value === null ? { fault: MALFORMED } : { value }
  return { name, source, operation: 'numbers.list', input, response, expected }
}

const one = {
  id: '106540352242922',
  display_phone_number: '+1 555-010-0100',
  verified_name: 'Acme',
}
const listed = [{ upstreamId: '106540352242922', label: 'Acme (+1 555-010-0100)' }]

const numbers: readonly AnswerFixture[] = [
  page(
    'a page that another follows',
    NUMBERS_PAGE,
    { data: [one], paging: { cursors: { before: 'A', after: 'B' }, next: NEXT } },
    { numbers: listed, nextCursor: 'B' },
  ),
  page(
    'the last page',
    NUMBERS_PAGE,
    { data: [one], paging: { cursors: { before: 'A', after: 'B' } } },
    { numbers: listed, nextCursor: null },
  ),
  page(
    'a page without paging',
    'Postman collection "WhatsApp Cloud API" (Meta)',
    { data: [{ id: one.id }, { id: '2', verified_name: 'Acme' }] },
    {
      numbers: [
        { upstreamId: one.id, label: null },
        { upstreamId: '2', label: 'Acme' },
      ],
      nextCursor: null,
    },
  ),
  page(
    'a cursor that leads back to itself',
    SILENT,
    { data: [one], paging: { cursors: { after: 'A' }, next: NEXT } },
    null,
  ),
  page('a next page without a cursor', SILENT, { data: [one], paging: { next: NEXT } }, null),
  page('an id that is a path', SILENT, { data: [{ id: '../me' }] }, null),
]

export const graphReadAnswers: readonly AnswerFixture[] = [...keys, ...numbers]
