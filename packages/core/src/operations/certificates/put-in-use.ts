import type { CertificateState, Work } from '../../certificate/state.ts'
import { type By, certificateEvent } from '../../certificate/step.ts'
import { hopeless } from '../../certificate/plan.ts'
import { lookLater, markIdle } from '../../certificate/work.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { Actor } from '../../ledger/ledger.ts'
import { commitState, commitStep } from './commit.ts'
import { readCertificates } from './entries.ts'
import { callHeld, type Hold } from './hold.ts'

interface Activation {
  readonly state: CertificateState | null
  readonly fault: Fault | null
  /** Whatever came of it, nothing more is to be done now. */
  readonly waits: true
}

/** Puts in use what was brought there for that. That it could not be is told, and changes nothing of its being there. */
export async function activateHeld(
  hold: Hold,
  state: CertificateState,
  work: Work,
): Promise<Activation> {
  const { services } = hold
  try {
    await callHeld(hold, 'certificate.activate', { name: activationName(state) })
  } catch (error) {
    if (!isFault(error)) throw error
    const now = services.clock.now()
    const isOver = hopeless(work, 'none', now) !== null
    if (!isOver && (error.retryable || error.effect === 'unknown')) {
      const later = lookLater(state, work, { now })
      return { state: await commitState(services, state, later), fault: error, waits: true }
    }
    const problem = `It is installed, but not in use: ${error.message}`
    const step = markIdle(state, { actor: work.actor, now }, problem)
    return { state: await commitStep(services, state, step), fault: null, waits: true }
  }
  return { state: await markActive(hold, state, work.actor), fault: null, waits: true }
}

export async function markActive(
  { services, connection }: Hold,
  state: CertificateState,
  actor: Actor,
): Promise<CertificateState> {
  const by: By = { actor, now: services.clock.now() }
  for (const other of await readCertificates(services, connection.state.id)) {
    if (other.id === state.id || other.purpose !== state.purpose || other.status !== 'active') {
      continue
    }
    await commitState(services, other, { ...other, status: 'installed', updatedAt: by.now })
  }
  const next: CertificateState = {
    ...state,
    status: 'active',
    work: null,
    problem: null,
    updatedAt: by.now,
  }
  const events = [certificateEvent('certificate.activated', next, by)]
  return (await commitStep(services, state, { next, events })) ?? next
}

export function activationName({ name }: CertificateState): string {
  if (name !== null) return name
  throw new Fault('conflict', 'Cannot activate certificate: the upstream knows it by no name')
}
