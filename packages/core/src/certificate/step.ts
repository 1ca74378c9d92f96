import type { Instant } from '../instant.ts'
import type { Actor, EventDraft, JsonObject, TaskDraft } from '../ledger/ledger.ts'
import { toTimestamp } from '../instant.ts'
import type { CertificateState } from './state.ts'
import { INSTALL } from './tasks.ts'

/** A certificate after a change, and what the audit log is to say; `next` null where it is gone. */
export interface CertificateStep {
  readonly next: CertificateState | null
  readonly events: readonly EventDraft[]
}

export interface By {
  readonly actor: Actor
  readonly now: Instant
}

export function installTask(state: CertificateState | null): TaskDraft {
  return { name: INSTALL, due: state?.work?.due ?? null }
}

/** An event with what tells certificates apart. */
export function certificateEvent(
  type: string,
  state: CertificateState,
  { actor, now }: By,
  data: JsonObject = {},
): EventDraft {
  return {
    type,
    at: now,
    actor,
    data: {
      connectionId: state.connectionId,
      purpose: state.purpose,
      name: state.name,
      subject: state.bundle?.details.subject ?? state.issuedTo,
      fingerprint: state.bundle?.details.fingerprint ?? null,
      notAfter: state.notAfter === null ? null : toTimestamp(state.notAfter),
      ...data,
    },
  }
}
