import { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import { CALL_MAX_MS } from './upstream.ts'
import type { Services } from '../services.ts'

/** Whether a call that begins now will have ended by `until`. */
export function hasTimeForCall({ clock }: Pick<Services, 'clock'>, until: Instant): boolean {
  return clock.now() + CALL_MAX_MS <= until
}

/** @throws Fault upstream_timeout, the call not begun, where it could end after `until` */
export function requireTimeForCall(services: Pick<Services, 'clock'>, until: Instant): void {
  if (hasTimeForCall(services, until)) return
  throw new Fault('upstream_timeout', 'Cannot call the upstream: what came before took too long', {
    effect: 'no',
  })
}
