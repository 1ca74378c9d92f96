import {
  type Added,
  type CertificateState,
  daysLeft,
  type Instant,
  toTimestamp,
} from '@latchkey/core'
import type * as z from 'zod'
import type { certificateSchema, changedCertificateSchema } from '../schemas/certificate.ts'

export function showCertificate(
  state: CertificateState,
  now: Instant,
): z.infer<typeof certificateSchema> {
  const { bundle, notAfter, autoRenewal, problem } = state
  const { details = null } = bundle ?? {}
  return {
    id: state.id,
    connectionId: state.connectionId,
    provider: state.provider,
    purpose: state.purpose,
    name: state.name,
    status: statusOf(state),
    subject: details?.subject ?? null,
    issuer: details?.issuer ?? null,
    subjectAlternativeNames: details === null ? null : [...details.subjectAlternativeNames],
    notBefore: details === null ? null : toTimestamp(details.notBefore),
    notAfter: notAfter === null ? null : toTimestamp(notAfter),
    fingerprint: details?.fingerprint ?? null,
    daysLeft: notAfter === null ? null : daysLeft(notAfter, now),
    autoRenewal:
      autoRenewal === null
        ? null
        : { enabled: autoRenewal.enabled, dnsProvider: autoRenewal.dnsProvider },
    ...(problem === null ? {} : { problem }),
    source: state.source,
    issuedTo: state.issuedTo,
    createdAt: toTimestamp(state.createdAt),
    updatedAt: toTimestamp(state.updatedAt),
    observedAt: state.observedAt === null ? null : toTimestamp(state.observedAt),
  }
}

/** A certificate after a change, with what whoever asked for it should know. */
export function showChanged(
  { state, warnings }: Added,
  now: Instant,
): z.infer<typeof changedCertificateSchema> {
  return {
    ...showCertificate(state, now),
    warnings: warnings.map(({ code, message }) => ({ code, message })),
  }
}

/** What is on its way shows as pending, unless it is there already and only to be made certain of, or put in use. */
function statusOf({ status, work }: CertificateState): CertificateState['status'] {
  if (work === null || work.isConfirming || work.phase === 'activating') return status
  return 'pending'
}
