import type { DocumentedLimit } from '@latchkey/core'

export const ONPREM_LIMITS: readonly DocumentedLimit[] = [
  {
    name: 'Numbers of one deployment',
    value: '1',
    source: 'WhatsApp Business Encryption (On-Premises API reference)',
  },
  {
    name: 'Life of a login',
    value: '7 days by default',
    source: 'Login and authentication (On-Premises API)',
  },
  {
    name: 'Client version with business public keys',
    value: 'v2.51 or newer',
    source: 'Implementing your Flow endpoint',
  },
  {
    name: 'Intermediate CA certificates in an upload',
    value: 'at least 1',
    source: '/v1/certificates/external (On-Premises API reference)',
  },
  {
    name: 'Server certificates',
    value: '1, overwritten by an upload, in use after a restart of all Webapp containers',
    source: '/v1/certificates/external (On-Premises API reference)',
  },
  {
    name: 'Bundles of webhook CA certificates',
    value: '1, overwritten by an upload, in use after a restart of all Coreapp nodes',
    source: '/v1/certificates/webhooks (On-Premises API reference)',
  },
  {
    name: 'Who may change certificates',
    value: 'a user with the admin role',
    source: '/v1/certificates/external (On-Premises API reference)',
  },
]
