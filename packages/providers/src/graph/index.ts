import type { Provider } from '@latchkey/core'
import { graphOperations } from './client.ts'
import { graphDescription } from './description.ts'
import { GRAPH_LIMITS } from './limits.ts'
import { GRAPH_QUIRKS } from './quirks.ts'
import { GRAPH_HOST, graphConfig, graphCredentials } from './schema.ts'
import { usageReader } from './usage.ts'

export const graph: Provider = {
  ...graphDescription,
  config: graphConfig,
  credentials: graphCredentials,
  limits: GRAPH_LIMITS,
  quirks: GRAPH_QUIRKS,
  dialect: async () => (await import('./dialect.ts')).graphDialect,
  receiver: async () => (await import('./webhook.ts')).graphReceiver,
  connect(config, credentials) {
    const parsed = graphConfig.parse(config)
    return {
      origin: { baseUrl: parsed.baseUrl, hosts: { rule: 'listed', names: [GRAPH_HOST] } },
      // Phone-number ids are unique over all of Graph.
      account: '',
      operations: graphOperations(parsed, graphCredentials.parse(credentials)),
      pressure: usageReader(),
    }
  },
}
