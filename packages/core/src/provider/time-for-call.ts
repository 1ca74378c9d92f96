import { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { Services } from '../services.ts'
import { CALL_MAX_MS } from './upstream.ts'

/** @throws Fault upstream_timeout where a call that begins now could end after `until` */
export function requireTimeForCall({ clock }: Pick<Services, 'clock'>, until: Instant): void {
  if (clock.now() + CALL_MAX_MS <= until) return
  throw new Fault('upstream_timeout', 'Cannot call the upstream: what came before took too long', {
    effect: 'no',
  })
}
