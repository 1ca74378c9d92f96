import type { ProviderDescription } from '@latchkey/core'

/** Yeastar's P-Series PBX, by its OpenAPI: the certificates that it serves and trusts. */
export const pbxDescription: ProviderDescription = {
  id: 'pbx',
  title: 'Yeastar P-Series PBX',
  lifecycle: 'active',
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
  numbers: null,
  hasDialect: true,
  webhook: {
    address: 'pbx',
    title: 'A PBX',
    signatureHeader: 'x-signature',
    greets: false,
    // An event is a few hundred bytes.
    bodyMaxBytes: 64 * 1024,
    accountOf: () => null,
  },
}
