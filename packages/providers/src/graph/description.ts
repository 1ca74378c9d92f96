import { Fault, type ProviderDescription } from '@latchkey/core'

/** Meta's Graph API, which serves WhatsApp's Cloud API. */
export const graphDescription: ProviderDescription = {
  id: 'graph',
  title: 'Meta Graph API (WhatsApp Cloud API)',
  lifecycle: 'active',
  operationNames: [
    'encryptionKey.publish',
    'encryptionKey.read',
    'numbers.list',
    'connection.check',
  ],
  numbers: { single: false, canonicalId: canonicalPhoneNumberId },
  hasDialect: true,
  webhook: {
    address: 'meta',
    title: 'Meta',
    signatureHeader: 'x-hub-signature-256',
    greets: true,
    // "Payloads can be up to 3 MB" (Webhooks overview).
    bodyMaxBytes: 3 * 1024 * 1024,
    accountOf: ({ wabaId }) => (typeof wabaId === 'string' ? wabaId : null),
  },
}

function canonicalPhoneNumberId(text: string): string {
  const id = text.trim()
  if (/^[1-9]\d{0,31}$/.test(id)) return id
  throw new Fault('invalid_request', 'Cannot use phone-number id: expected 1 to 32 digits', {
    errors: [
      { pointer: '/upstreamId', message: 'Must be a phone-number id of Graph: 1 to 32 digits' },
    ],
  })
}
