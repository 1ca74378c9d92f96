import type { ProviderDescription } from '@latchkey/core'
import { canonicalPhoneNumber } from '../shared/phone-number.ts'

/** The number of a deployment where nobody said which one it is. */
const UNNAMED = 'default'

/** The WhatsApp On-Premises API client, which its user hosts; Meta ended it in October 2025. */
export const onpremDescription: ProviderDescription = {
  id: 'onprem',
  title: 'WhatsApp On-Premises API',
  lifecycle: 'sunset',
  operationNames: [
    'encryptionKey.publish',
    'encryptionKey.read',
    'connection.check',
    'certificate.list',
    'certificate.upload',
    'certificate.remove',
  ],
  numbers: {
    single: true,
    canonicalId: (text) => (text === UNNAMED ? UNNAMED : canonicalPhoneNumber(text)),
  },
  hasDialect: true,
}
