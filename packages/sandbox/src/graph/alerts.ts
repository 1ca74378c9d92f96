import type { StoredKey } from '../shared/key-slot.ts'
import type { GraphKnobs } from './knobs.ts'
import type { GraphNumberState } from './state.ts'

/** What a webhook of Meta tells, one of the `changes` of an entry. */
export interface Change {
  readonly field: WebhookField
  readonly value: Readonly<Record<string, unknown>>
}

export const WEBHOOK_FIELDS = ['flows', 'phone_number_quality_update'] as const
export type WebhookField = (typeof WEBHOOK_FIELDS)[number]

/** One of the errors in both spellings of the page, its misspelling included: as its example has it, and its table. */
const KEY_ERRORS = {
  missing: ['PUBLIC_KEY_MISSING', 'public-key-missing'],
  signature: ['PUBLIC_KEY_SIGNITURE_VERIFICATION', 'public-key-signiture-verification'],
  decryption: ['BUSINESS_DECRYPTION_ERROR', 'business-decryption-error'],
} as const

const FLOW_ID = '500000000000001'
const REQUESTS = 200

/** The alert of a flow whose number does not hold the key that its endpoint opens requests with. */
export function lostKeyAlert(key: StoredKey | null, knobs: Readonly<GraphKnobs>): Change {
  const [example, table] = KEY_ERRORS[errorOf(key)]
  const errorType = knobs.alertSpelling === 'example' ? example : table
  return {
    field: 'flows',
    value: {
      event: 'ENDPOINT_ERROR_RATE',
      flow_id: FLOW_ID,
      message: 'The error rate of the endpoint is above 10% over 30 minutes',
      error_rate: 100,
      threshold: 10,
      alert_state: 'ACTIVATED',
      requests_count: REQUESTS,
      errors: [{ error_type: errorType, error_rate: 100, error_count: REQUESTS }],
    },
  }
}

function errorOf(key: StoredKey | null): keyof typeof KEY_ERRORS {
  if (key === null) return 'missing'
  return key.status === 'MISMATCH' ? 'signature' : 'decryption'
}

/** What is told of a number that was registered, again or for the first time. */
export function registrationNotice({ seed }: GraphNumberState): Change {
  return {
    field: 'phone_number_quality_update',
    value: {
      display_phone_number: seed.displayPhoneNumber.replaceAll(/\D/g, ''),
      event: 'ONBOARDING',
      current_limit: 'TIER_250',
    },
  }
}
