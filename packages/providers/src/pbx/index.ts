import type { Provider } from '@latchkey/core'
import { tlsTrust } from '../shared/tls.ts'
import { certificateSupport } from './certificate-support.ts'
import { certificateOperations } from './certificates.ts'
import { pbxDialect } from './dialect.ts'
import { PBX_LIMITS } from './limits.ts'
import { PBX_QUIRKS } from './quirks.ts'
import { pbxConfig, pbxCredentials } from './schema.ts'
import { tokenSession } from './session.ts'

/** Yeastar's P-Series PBX, by its OpenAPI: the certificates that it serves and trusts. */
export const pbx: Provider = {
  id: 'pbx',
  title: 'Yeastar P-Series PBX',
  lifecycle: 'active',
  config: pbxConfig,
  credentials: pbxCredentials,
  operationNames: [
    'connection.check',
    'certificate.list',
    'certificate.get',
    'certificate.stage',
    'certificate.upload',
    'certificate.apply',
    'certificate.update',
    'certificate.remove',
    'certificate.activate',
  ],
  limits: PBX_LIMITS,
  quirks: PBX_QUIRKS,
  numbers: null,
  dialect: pbxDialect,
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
