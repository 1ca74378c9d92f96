import type { Provider } from '@latchkey/core'
import { tlsTrust } from '../shared/tls.ts'
import { ONPREM_CERTIFICATES } from './certificate-support.ts'
import { onpremOperations } from './client.ts'
import { onpremDescription } from './description.ts'
import { ONPREM_LIMITS } from './limits.ts'
import { ONPREM_QUIRKS } from './quirks.ts'
import { onpremConfig, onpremCredentials } from './schema.ts'
import { loginSession } from './session.ts'

export const onprem: Provider = {
  ...onpremDescription,
  config: onpremConfig,
  credentials: onpremCredentials,
  limits: ONPREM_LIMITS,
  quirks: ONPREM_QUIRKS,
  dialect: async () => (await import('./dialect.ts')).onpremDialect,
  connect(config, credentials) {
    const { baseUrl, tls, ...rest } = onpremConfig.parse(config)
    const given = onpremCredentials.parse(credentials)
    const { username, password } = given
    return {
      origin: { baseUrl, hosts: { rule: 'operator' }, ...tlsTrust(tls) },
      // The deployment serves one customer, whatever its host.
      account: '',
      ...(username === undefined || password === undefined
        ? {}
        : { session: loginSession(username, password) }),
      operations: onpremOperations({ baseUrl, ...rest }, given),
      certificates: ONPREM_CERTIFICATES,
    }
  },
}
