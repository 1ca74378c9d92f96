import type { ProviderDescription } from '@latchkey/core'
import { canonicalPhoneNumber } from '../shared/phone-number.ts'

/** Kaleyra's WhatsApp API v2, which passes Flow keys on to Meta. */
export const kaleyraDescription: ProviderDescription = {
  id: 'kaleyra',
  title: 'Kaleyra WhatsApp API v2',
  lifecycle: 'active',
  operationNames: ['encryptionKey.publish'],
  numbers: { single: false, canonicalId: canonicalPhoneNumber },
  hasDialect: true,
}
