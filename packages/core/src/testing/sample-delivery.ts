import { type DeliveryState, newDelivery } from '../delivery/delivery.ts'
import type { Event } from '../ledger/ledger.ts'
import { NOW } from './sample-number.ts'

export const ENDPOINT_ID = 'whe_0123456789abcdef'

/** The n-th event of a subject. */
export function sampleEvent(sequence: number, subject = 'num_1', at = NOW): Event {
  const hash = `${subject.length}${sequence}`.padStart(64, '0')
  return {
    id: `evt_${String(sequence).padEnd(32, '0')}`,
    type: 'key.published',
    at,
    subject,
    sequence,
    actor: { kind: 'system', id: 'test' },
    data: {},
    hash,
    previousHash: null,
  }
}

export function sampleDelivery(
  sequence: number,
  { subject = 'num_1', ...changes }: Partial<DeliveryState> & { readonly subject?: string } = {},
): DeliveryState {
  const event = sampleEvent(sequence, subject)
  return { ...newDelivery(ENDPOINT_ID, event, NOW), ...changes }
}
