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
]
