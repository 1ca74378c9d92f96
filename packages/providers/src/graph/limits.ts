import type { DocumentedLimit } from '@latchkey/core'

export const GRAPH_LIMITS: readonly DocumentedLimit[] = [
  {
    name: 'Management calls of an app on one WhatsApp Business account',
    value: '200 an hour; 5000 where the account is active with a registered number',
    source: 'WhatsApp Business Platform: About the platform, rate limits',
  },
  {
    name: 'Key uploads',
    value: 'The Graph API’s own limits, and further ones that are not told',
    source: 'Business Encryption API reference (v23.0)',
  },
  { name: 'Keys of one number', value: '1', source: 'Business Encryption API reference (v23.0)' },
  {
    name: 'Numbers in one page of a list',
    value: '100',
    source: 'Phone number management API reference',
  },
]
