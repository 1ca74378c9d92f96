import { DAY, type Instant, toTimestamp } from '../instant.ts'
import type { ListedCertificate } from '../provider/certificates.ts'
import { expiryToTell } from './expiry.ts'
import type { CertificateState, PublicBundle } from './state.ts'
import { type By, certificateEvent, type CertificateStep } from './step.ts'

/** A certificate as it was just listed; `bundle` is what its PEM says, where the upstream gives it. */
export interface Sighting {
  readonly listed: ListedCertificate
  readonly bundle: PublicBundle | null
}

/** Upstreams write an end without its time zone: two that differ by less are the same. */
const SAME_END_MS = DAY + DAY / 8

/** Whether it is the same entry of a list: ids are given out again, names are not while they are there. */
export function isSameEntry(
  { upstreamId, name }: Pick<CertificateState, 'upstreamId' | 'name'>,
  listed: ListedCertificate,
): boolean {
  if (upstreamId !== listed.upstreamId) return false
  return name === null || listed.name === null || name === listed.name
}

/** Takes over what the upstream says of a certificate that nothing is being done to. */
export function observeCertificate(
  state: CertificateState,
  { listed, bundle }: Sighting,
  by: By,
): CertificateStep {
  const isNew = state.observedAt === null && state.work === null && state.status === 'pending'
  const isOther = !isSameAs(state, listed, bundle)
  const known = isOther ? null : state.bundle
  const present = bundle ?? known
  const next: CertificateState = {
    ...state,
    upstreamId: listed.upstreamId,
    name: listed.name ?? state.name,
    source: listed.origin ?? state.source,
    status: statusOf(state, listed),
    issuedTo: listed.issuedTo ?? state.issuedTo,
    bundle: present,
    notAfter: present?.details.notAfter ?? listed.notAfter,
    toldEnd: listed.notAfter,
    autoRenewal: listed.autoRenewal ?? state.autoRenewal,
    problem: listed.problem ?? (listed.status === 'failed' ? state.problem : null),
    observedAt: by.now,
    toldDays: isOther ? null : state.toldDays,
  }
  const type = eventOf(state, next, { isNew, isOther })
  if (type === null) return { next, events: [] }
  const data = type === 'certificate.failed' ? { problem: next.problem } : {}
  return {
    next: { ...next, updatedAt: by.now },
    events: [certificateEvent(type, next, by, data)],
  }
}

/** Records that a certificate is about to expire, where one of the days for it has come. */
export function tellExpiry(state: CertificateState, by: By): CertificateStep | null {
  const days = expiryToTell(state, by.now)
  if (days === null || state.notAfter === null) return null
  const left = Math.floor((state.notAfter - by.now) / DAY)
  const data = { days, daysLeft: Math.max(0, left), isExpired: state.notAfter <= by.now }
  return {
    next: { ...state, toldDays: days },
    events: [certificateEvent('certificate.expiring', state, by, data)],
  }
}

/** The upstream no longer lists it. */
export function vanish(state: CertificateState, by: By): CertificateStep {
  const seen = state.observedAt === null ? null : toTimestamp(state.observedAt)
  const data = { upstreamId: state.upstreamId, lastSeenAt: seen }
  return { next: null, events: [certificateEvent('certificate.vanished', state, by, data)] }
}

function isSameAs(
  state: CertificateState,
  listed: ListedCertificate,
  bundle: PublicBundle | null,
): boolean {
  if (bundle !== null && state.bundle !== null) {
    return bundle.details.fingerprint === state.bundle.details.fingerprint
  }
  return isSameEnd(state.toldEnd, listed.notAfter)
}

function isSameEnd(known: Instant | null, told: Instant | null): boolean {
  return known === null || told === null || Math.abs(known - told) < SAME_END_MS
}

/** One that is in use stays so while the upstream renews it. */
function statusOf(state: CertificateState, { status }: ListedCertificate) {
  return status !== 'failed' && state.status === 'active' ? 'active' : status
}

function eventOf(
  before: CertificateState,
  after: CertificateState,
  { isNew, isOther }: { readonly isNew: boolean; readonly isOther: boolean },
): string | null {
  if (isNew) return 'certificate.discovered'
  if (after.status === 'failed' && before.status !== 'failed') return 'certificate.failed'
  const wasThere = before.status === 'installed' || before.status === 'active'
  if (after.status === 'installed' && !wasThere) return 'certificate.installed'
  return isOther ? 'certificate.changed' : null
}
