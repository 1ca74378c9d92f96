import { Fault, type Provider } from '@latchkey/core'
import { graphOperations } from './client.ts'
import { graphDialect } from './dialect.ts'
import { GRAPH_LIMITS } from './limits.ts'
import { GRAPH_QUIRKS } from './quirks.ts'
import { GRAPH_HOST, graphConfig, graphCredentials } from './schema.ts'
import { usagePressure } from './usage.ts'

/** Meta's Graph API, which serves WhatsApp's Cloud API. */
export const graph: Provider = {
  id: 'graph',
  title: 'Meta Graph API (WhatsApp Cloud API)',
  lifecycle: 'active',
  config: graphConfig,
  credentials: graphCredentials,
  operationNames: [
    'encryptionKey.publish',
    'encryptionKey.read',
    'numbers.list',
    'connection.check',
  ],
  limits: GRAPH_LIMITS,
  quirks: GRAPH_QUIRKS,
  numbers: { single: false, canonicalId: canonicalPhoneNumberId },
  dialect: graphDialect,
  connect(config, credentials) {
    const parsed = graphConfig.parse(config)
    return {
      origin: { baseUrl: parsed.baseUrl, hosts: { rule: 'listed', names: [GRAPH_HOST] } },
      // Phone-number ids are unique over all of Graph.
      account: '',
      operations: graphOperations(parsed, graphCredentials.parse(credentials)),
      pressure: usagePressure,
    }
  },
}

function canonicalPhoneNumberId(text: string): string {
  const id = text.trim()
  if (/^[1-9]\d{0,31}$/.test(id)) return id
  throw new Fault('invalid_request', 'Cannot use phone-number id: expected 1 to 32 digits', {
    errors: [
      { pointer: '/upstreamId', message: 'Must be a phone-number id of Graph: 1 to 32 digits' },
    ],
  })
}
