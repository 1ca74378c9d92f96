import type { DocumentedLimit } from '@latchkey/core'

export const KALEYRA_LIMITS: readonly DocumentedLimit[] = [
  {
    name: 'Retries after an internal error',
    value: 'after 5, 10 and 15 minutes',
    source: 'Error codes for sending messages',
  },
  {
    name: 'Requests',
    value: 'Set for each account; no public figures',
    source: 'Generating an API key',
  },
]
