import { Fault, type Provider } from '@latchkey/core'
import { canonicalPhoneNumber } from '../shared/phone-number.ts'
import { kaleyraOperations } from './client.ts'
import { kaleyraDialect } from './dialect.ts'
import { KALEYRA_HOSTS, podUrl } from './hosts.ts'
import { KALEYRA_LIMITS } from './limits.ts'
import { KALEYRA_QUIRKS } from './quirks.ts'
import { kaleyraConfig, kaleyraCredentials } from './schema.ts'

/** Kaleyra's WhatsApp API v2, which passes Flow keys on to Meta. */
export const kaleyra: Provider = {
  id: 'kaleyra',
  title: 'Kaleyra WhatsApp API v2',
  lifecycle: 'active',
  config: kaleyraConfig,
  credentials: kaleyraCredentials,
  operationNames: ['encryptionKey.publish'],
  limits: KALEYRA_LIMITS,
  quirks: KALEYRA_QUIRKS,
  numbers: { single: false, canonicalId: canonicalPhoneNumber },
  dialect: kaleyraDialect,
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
