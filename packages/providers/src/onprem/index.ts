import type { Provider } from '@latchkey/core'
import { canonicalPhoneNumber } from '../shared/phone-number.ts'
import { tlsTrust } from '../shared/tls.ts'
import { ONPREM_CERTIFICATES } from './certificate-support.ts'
import { onpremOperations } from './client.ts'
import { onpremDialect } from './dialect.ts'
import { ONPREM_LIMITS } from './limits.ts'
import { ONPREM_QUIRKS } from './quirks.ts'
import { onpremConfig, onpremCredentials } from './schema.ts'
import { loginSession } from './session.ts'

/** The number of a deployment where nobody said which one it is. */
const UNNAMED = 'default'

/** The WhatsApp On-Premises API client, which its user hosts; Meta ended it in October 2025. */
export const onprem: Provider = {
  id: 'onprem',
  title: 'WhatsApp On-Premises API',
  lifecycle: 'sunset',
  config: onpremConfig,
  credentials: onpremCredentials,
  operationNames: [
    'encryptionKey.publish',
    'encryptionKey.read',
    'connection.check',
    'certificate.list',
    'certificate.upload',
    'certificate.remove',
  ],
  limits: ONPREM_LIMITS,
  quirks: ONPREM_QUIRKS,
  numbers: {
    single: true,
    canonicalId: (text) => (text === UNNAMED ? UNNAMED : canonicalPhoneNumber(text)),
  },
  dialect: onpremDialect,
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
