import { Fault, type Provider } from '@latchkey/core'
import { kaleyraOperations } from './client.ts'
import { kaleyraDescription } from './description.ts'
import { KALEYRA_HOSTS, podUrl } from './hosts.ts'
import { KALEYRA_LIMITS } from './limits.ts'
import { KALEYRA_QUIRKS } from './quirks.ts'
import { kaleyraConfig, kaleyraCredentials } from './schema.ts'

export const kaleyra: Provider = {
  ...kaleyraDescription,
  config: kaleyraConfig,
  credentials: kaleyraCredentials,
  limits: KALEYRA_LIMITS,
  quirks: KALEYRA_QUIRKS,
  dialect: async () => (await import('./dialect.ts')).kaleyraDialect,
  connect(config, credentials) {
    const { sid, pod, baseUrl: given } = kaleyraConfig.parse(config)
    const { apiKey } = kaleyraCredentials.parse(credentials)
    const baseUrl = pod === undefined ? given : podUrl(pod)
    if (baseUrl === undefined) {
      throw new Fault('invalid_request', 'Cannot connect: neither pod nor baseUrl is set')
    }
    return {
      origin: { baseUrl, hosts: { rule: 'listed', names: KALEYRA_HOSTS } },
      account: sid,
      operations: kaleyraOperations(sid, apiKey),
    }
  },
}
