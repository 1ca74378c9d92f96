import { openConnection } from '../../connection/open.ts'
import { type Fault, isFault } from '../../fault/fault.ts'
import type { Pressure } from '../../provider/provider.ts'
import type { Services } from '../../services.ts'
import { callUpstream, supports } from '../call-upstream.ts'

export interface CheckResult {
  /** Null: the provider has no harmless read, and nothing was sent. */
  readonly ok: boolean | null
  readonly latencyMs: number | null
  readonly pressure: Pressure | null
  readonly fault: Fault | null
}

/** Calls the upstream's cheapest harmless read. @throws Fault not_found */
export async function checkConnection(services: Services, id: string): Promise<CheckResult> {
  const connection = await openConnection(services, id)
  if (!supports(connection, 'connection.check')) {
    return { ok: null, latencyMs: null, pressure: null, fault: null }
  }
  const began = services.clock.now()
  try {
    const outcome = await callUpstream(services, connection, 'connection.check', {})
    return { ok: true, latencyMs: outcome.durationMs, pressure: outcome.pressure, fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    const latencyMs = Math.max(0, services.clock.now() - began)
    return { ok: false, latencyMs, pressure: null, fault: error }
  }
}
