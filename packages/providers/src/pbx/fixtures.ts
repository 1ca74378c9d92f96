import type { ProviderFixtures } from '../shared/fixture.ts'
import { pbxAnswers } from './fixtures-answers.ts'
import { pbxRequests } from './fixtures-requests.ts'

export const pbxFixtures: ProviderFixtures = {
  config: { baseUrl: 'https://pbx.example.com:8088' },
  credentials: {
    clientId: 'CLIENT_ID',
    clientSecret: 'CLIENT_SECRET_1',
    webhookSecret: 'WEBHOOK_SECRET_1',
  },
  ids: [],
  refused: [
    { name: 'no base URL', config: { baseUrl: '' } },
    { name: 'a base URL that is none', config: { baseUrl: 'pbx.example.com:8088' } },
    { name: 'no trust at all', config: { tls: { rejectUnauthorized: false } } },
    { name: 'a client secret with half a character', credentials: { clientSecret: '\uD800' } },
    { name: 'an order that there is not', config: { serverFileOrder: 'middle' } },
    { name: 'an empty client secret', credentials: { clientSecret: '' } },
  ],
  requests: pbxRequests,
  answers: pbxAnswers,
}
