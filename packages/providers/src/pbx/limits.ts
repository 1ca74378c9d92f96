import type { DocumentedLimit } from '@latchkey/core'

const ADD = 'Add a certificate (P-Series developer guide)'

export const PBX_LIMITS: readonly DocumentedLimit[] = [
  { name: 'Server certificates', value: '3', source: ADD },
  { name: 'Trusted CA certificates', value: '20', source: ADD },
  {
    name: 'Access tokens at a time',
    value: '8 for each API client; each for 1800 s, renewed for 24 h',
    source: 'Get access token (P-Series developer guide)',
  },
  {
    name: 'Failed logins',
    value: '5, then the address is blocked until somebody unblocks it',
    source: 'Blocked IPs (P-Series administrator guide)',
  },
  {
    name: 'Files that are uploaded and not added',
    value: 'Erased at 01:00, once older than an hour',
    source: 'Upload a certificate (P-Series developer guide)',
  },
]
