import type { Provider } from '@latchkey/core'
import { tlsTrust } from '../shared/tls.ts'
import { certificateSupport } from './certificate-support.ts'
import { certificateOperations } from './certificates.ts'
import { pbxDescription } from './description.ts'
import { PBX_LIMITS } from './limits.ts'
import { PBX_QUIRKS } from './quirks.ts'
import { pbxConfig, pbxCredentials } from './schema.ts'
import { tokenSession } from './session.ts'

export const pbx: Provider = {
  ...pbxDescription,
  config: pbxConfig,
  credentials: pbxCredentials,
  limits: PBX_LIMITS,
  quirks: PBX_QUIRKS,
  dialect: async () => (await import('./dialect.ts')).pbxDialect,
  receiver: async () => (await import('./webhook.ts')).pbxReceiver,
  connect(config, credentials) {
    const settings = pbxConfig.parse(config)
    const given = pbxCredentials.parse(credentials)
    return {
      origin: {
        baseUrl: settings.baseUrl,
        hosts: { rule: 'operator' },
        ...tlsTrust(settings.tls),
      },
      account: '',
      session: tokenSession(given),
      operations: certificateOperations(
        Object.values(given).filter((secret) => secret !== undefined),
      ),
      certificates: certificateSupport(settings),
    }
  },
}
