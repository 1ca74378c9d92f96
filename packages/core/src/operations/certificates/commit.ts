import { certificateLabels, type CertificateState } from '../../certificate/state.ts'
import { type CertificateStep, installTask } from '../../certificate/step.ts'
import { Fault } from '../../fault/fault.ts'
import type { Services } from '../../services.ts'

export function certificateKey(id: string): { kind: 'certificate'; id: string } {
  return { kind: 'certificate', id }
}

/** @throws Fault not_found */
export async function loadCertificate(services: Services, id: string): Promise<CertificateState> {
  const snapshot = await services.ledger.read<CertificateState>(certificateKey(id))
  if (snapshot === null) throw noCertificate(id)
  return snapshot.state
}

export function noCertificate(id: string): Fault {
  return new Fault('not_found', `Cannot find certificate "${id}"`)
}

/**
 * Commits a step of a certificate as it was read: somebody who changed it meanwhile had taken it over, and the step is
 * not made.
 * @throws Fault conflict, not_found
 */
export async function commitStep(
  services: Services,
  from: CertificateState,
  step: CertificateStep,
): Promise<CertificateState | null> {
  return services.ledger.mutate<CertificateState, CertificateState | null>(
    certificateKey(from.id),
    (state) => {
      if (state === null && from.revision > 0) throw noCertificate(from.id)
      if (state !== null && state.revision !== from.revision) {
        throw new Fault('conflict', 'Cannot go on: a newer change to this certificate took over', {
          retryable: true,
        })
      }
      const { events } = step
      const tasks = [installTask(step.next)]
      if (step.next === null) return { result: null, next: null, events, tasks }
      const next = { ...step.next, revision: from.revision + 1 }
      return { result: next, next, labels: certificateLabels(next), events, tasks }
    },
  )
}

/** A step without events. */
export async function commitState(
  services: Services,
  from: CertificateState,
  next: CertificateState,
): Promise<CertificateState> {
  return (await commitStep(services, from, { next, events: [] })) ?? next
}
