import type { ProviderFixtures } from '../shared/fixture.ts'
import { FIXTURE_KEY, FIXTURE_PEM } from '../shared/fixture-key.ts'
import { graphFaultAnswers } from './fixtures-faults.ts'
import { graphReadAnswers } from './fixtures-reads.ts'

const SET_GET_PAGE = 'WhatsApp Business Encryption (Cloud API reference)'
const COLLECTION = 'Postman collection "WhatsApp Cloud API" (Meta)'
const PHONE_NUMBER_ID = '106540352242922'
const BEARER = ['Authorization', 'Bearer ACCESS_TOKEN'] as const
const PUBLISH = { upstreamId: PHONE_NUMBER_ID, publicKey: FIXTURE_KEY }
const PATH = ['v21.0', PHONE_NUMBER_ID, 'whatsapp_business_encryption']

export const graphFixtures: ProviderFixtures = {
  config: { version: 'v21.0', wabaId: '102290129340398' },
  credentials: { accessToken: 'ACCESS_TOKEN' },
  ids: [
    [PHONE_NUMBER_ID, PHONE_NUMBER_ID],
    [` ${PHONE_NUMBER_ID}\n`, PHONE_NUMBER_ID],
    ['1', '1'],
    ['', null],
    ['0106540352242922', null],
    ['+14155550100', null],
    ['106540352242922/../me', null],
    ['١٢٣', null],
    ['1'.repeat(33), null],
  ],
  refused: [
    { name: 'a version without v', config: { version: '21.0' } },
    { name: 'a version that climbs the path', config: { version: 'v21.0/..' } },
    { name: 'an account id that is a path', config: { wabaId: 'me/accounts' } },
    { name: 'a base URL that is none', config: { baseUrl: 'graph.facebook.com' } },
    { name: 'more calls at once than 64', config: { maxConcurrent: 65 } },
    { name: 'an empty token', credentials: { accessToken: '' } },
    { name: 'a token with a letter outside ASCII', credentials: { accessToken: 'ACCÈS' } },
  ],
  requests: [
    {
      name: 'setting a key',
      source: SET_GET_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      expected: {
        method: 'POST',
        path: PATH,
        query: [],
        headers: [BEARER, ['Content-Type', 'application/x-www-form-urlencoded']],
        fields: [['business_public_key', FIXTURE_PEM]],
        encoding: 'form',
      },
    },
    {
      name: 'getting a key',
      source: SET_GET_PAGE,
      operation: 'encryptionKey.read',
      input: { upstreamId: PHONE_NUMBER_ID },
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
      name: 'listing numbers',
      source: 'Phone number management API reference',
      operation: 'numbers.list',
      input: { cursor: 'MTAx' },
      expected: {
        method: 'GET',
        path: ['v21.0', '102290129340398', 'phone_numbers'],
        query: [
          ['fields', 'id,display_phone_number,verified_name'],
          ['limit', '100'],
          ['after', 'MTAx'],
        ],
        headers: [BEARER],
        fields: [],
        encoding: null,
      },
    },
  ],
  answers: [
    {
      name: 'a key that was taken',
      source: SET_GET_PAGE,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      response: { status: 200, body: '{ "success": true }' },
      expected: { value: {} },
    },
    {
      name: 'success as text',
      source: COLLECTION,
      operation: 'encryptionKey.publish',
      input: PUBLISH,
      response: { status: 200, body: '{"success":"true"}' },
      expected: { value: {} },
    },
    {
      name: 'the account as a node',
      source: COLLECTION,
      operation: 'connection.check',
      response: { status: 200, body: '{"id":"102290129340398"}' },
      expected: { value: {} },
    },
    ...graphReadAnswers,
    ...graphFaultAnswers,
  ],
}
