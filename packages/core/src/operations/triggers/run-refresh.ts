import { partitionOf } from '../../ledger/keys.ts'
import type { Services } from '../../services.ts'
import type { RunState } from '../../trigger/run.ts'
import { runActor } from './commit-run.ts'
import type { Turn } from './turn.ts'

/**
 * Reads the certificates of a run that is for them: of one, or of a connection's. Null where numbers are to be read
 * too, or alone.
 * @throws Fault upstream_*
 */
export async function refreshCertificates(services: Services, run: RunState): Promise<Turn | null> {
  const { target } = run
  // Once numbers are known, this was done.
  if (run.left !== null || 'numberId' in target || 'numbers' in target) return null
  const connectionId =
    'certificateId' in target
      ? partitionOf({ kind: 'certificate', id: target.certificateId })
      : target.connectionId
  if (connectionId === undefined) return null
  const { readCertificatesAs } = await import('../certificates/index.ts')
  const reading = await readCertificatesAs(services, connectionId, runActor(run))
  if (typeof reading === 'object') {
    if (reading.fault !== null) throw reading.fault
    return { again: reading.retryAt }
  }
  if ('connectionId' in target) return null
  return { over: { done: 1, failed: 0, problem: null, made: null } }
}
