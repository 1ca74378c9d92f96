import type { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { JsonObject } from '../ledger/ledger.ts'
import type { ListedCertificate } from '../provider/certificates.ts'
import type { CertificateState, PublicBundle, Work } from './state.ts'
import { type By, certificateEvent, type CertificateStep } from './step.ts'
import {
  ABANDONED_MS,
  DOUBT_MS,
  FIRST_LOOK_MS,
  GOES_OUT_MS,
  MATERIAL_KEPT_MS,
  POLL_MAX_MS,
  POLL_MS,
} from './timing.ts'

export interface NewWork {
  readonly kind: Work['kind']
  /** Sealed. */
  readonly material: string
  readonly bundle: PublicBundle | null
  readonly activate: boolean
  readonly before: Work['before']
  readonly names: readonly string[]
  /** What the audit log tells of the request. */
  readonly told: JsonObject
}

/** Something is to be brought to the upstream; what was on its way before is given up for it. */
export function startWork(state: CertificateState, by: By, asked: NewWork): CertificateStep {
  const { told, ...wanted } = asked
  const work: Work = {
    ...wanted,
    phase: 'sending',
    actor: by.actor,
    since: by.now,
    sentBy: null,
    sends: 0,
    doubtUntil: doubtOf(state.work, by.now),
    isConfirming: false,
    previous: unsettledOf(state.work),
    due: by.now + ABANDONED_MS,
    looks: 0,
  }
  const next = { ...state, work, problem: null, updatedAt: by.now }
  const { fingerprint = null } = asked.bundle?.details ?? {}
  const data = { ...told, how: asked.kind, fingerprint }
  return { next, events: [certificateEvent('certificate.requested', next, by, data)] }
}

/** The newest work that has been sent and may be there. */
function unsettledOf(work: Work | null): Work | null {
  if (work === null) return null
  return work.sentBy === null ? work.previous : { ...work, previous: null }
}

/** Until when a write of this work may still land, once nobody waits for its answer any more. */
function doubtOf(work: Work | null, now: Instant): Instant | null {
  if (work === null) return null
  const until = work.sentBy === null ? null : work.sentBy + DOUBT_MS
  const last = Math.max(until ?? 0, work.doubtUntil ?? 0)
  return last > now ? Math.min(last, now + GOES_OUT_MS + DOUBT_MS) : null
}

/** Committed before a write goes out: from here on it may have reached the upstream. */
export function markSent(state: CertificateState, work: Work, at: Instant): CertificateState {
  const sentBy = at + GOES_OUT_MS
  const sent = { ...work, sentBy, sends: work.sends + 1, due: at + ABANDONED_MS }
  return { ...state, work: sent, updatedAt: at }
}

/** Nobody knows what came of a write. */
export function markUnknown(state: CertificateState, work: Work, now: Instant): CertificateState {
  const unknown = { ...work, sentBy: now, due: now + FIRST_LOOK_MS, looks: 0 }
  return { ...state, work: unknown, updatedAt: now }
}

/** The upstream took it, and lists it under this name if it says one. */
export function markTaken(
  state: CertificateState,
  work: Work,
  taken: { readonly name: string | null; readonly now: Instant },
): CertificateState {
  const names = taken.name === null ? work.names : [...new Set([...work.names, taken.name])]
  return {
    ...state,
    name: taken.name ?? state.name,
    updatedAt: taken.now,
    work: {
      ...work,
      names,
      phase: 'issuing',
      material: null,
      since: taken.now,
      due: taken.now + POLL_MS,
      looks: 0,
    },
  }
}

/** Not yet: it is looked at again, ever later. What is to be sent is kept for its time, whatever becomes of it. */
export function lookLater(
  state: CertificateState,
  work: Work,
  { now, least = 0 }: { readonly now: Instant; readonly least?: number },
): CertificateState {
  const pause = Math.min(POLL_MS * 2 ** Math.min(work.looks, 16), POLL_MAX_MS)
  const due = now + Math.max(pause, least)
  const later = { ...withoutOld(work, now), due, looks: work.looks + 1 }
  return { ...state, work: later, observedAt: now }
}

function withoutOld(work: Work, now: Instant): Work {
  const { previous } = work
  return {
    ...work,
    material: now - work.since > MATERIAL_KEPT_MS ? null : work.material,
    previous: previous === null ? null : withoutOld(previous, now),
  }
}

/**
 * The work as of now: where the clock went back, nobody knows how long ago it was sent, and it is reckoned from the
 * present.
 */
export function asOfNow(work: Work, now: Instant): Work {
  const { since, sentBy, doubtUntil } = work
  const isBack = since > now || (sentBy !== null && sentBy > now + GOES_OUT_MS)
  if (!isBack) return work
  return {
    ...work,
    since: Math.min(since, now),
    sentBy: sentBy === null ? null : Math.min(sentBy, now),
    doubtUntil: doubtUntil === null ? null : Math.min(doubtUntil, now + DOUBT_MS),
    due: Math.min(work.due, now + FIRST_LOOK_MS),
  }
}

/** It is there. What is left is to put it in use, if that was asked for. */
export function markInstalled(state: CertificateState, work: Work, by: By): CertificateStep {
  const bundle = work.bundle ?? state.bundle
  const isOther = bundle?.details.fingerprint !== state.bundle?.details.fingerprint
  const installed: CertificateState = {
    ...state,
    status: 'installed',
    source: work.kind,
    bundle,
    notAfter: work.bundle?.details.notAfter ?? state.notAfter,
    toldEnd: isOther ? null : state.toldEnd,
    toldDays: isOther ? null : state.toldDays,
    problem: null,
    updatedAt: by.now,
    observedAt: by.now,
    work: work.activate
      ? {
          ...work,
          phase: 'activating',
          material: null,
          previous: null,
          since: by.now,
          due: by.now + FIRST_LOOK_MS,
          looks: 0,
        }
      : null,
  }
  const asked = { ...by, actor: work.actor }
  const events = work.isConfirming
    ? []
    : [certificateEvent('certificate.installed', installed, asked, { how: work.kind })]
  return { next: installed, events }
}

/** It is there, but an earlier write may yet undo it: it is made certain of when that can no longer land. */
export function markConfirming(state: CertificateState, work: Work, by: By): CertificateStep {
  const { doubtUntil } = work
  const step = markInstalled(state, work, by)
  if (step.next === null || doubtUntil === null) return step
  const confirming = {
    ...work,
    sentBy: by.now,
    doubtUntil: null,
    isConfirming: true,
    previous: null,
    due: doubtUntil,
    looks: 0,
  }
  return { ...step, next: { ...step.next, work: confirming } }
}

/** Nothing came of it: what was there, or on its way, before stays; a certificate that never was is gone. */
export function markRefused(state: CertificateState, by: By, fault: Fault): CertificateStep {
  const actor = state.work?.actor ?? by.actor
  const data = { code: fault.code, problem: fault.message }
  const events = [certificateEvent('certificate.failed', state, { ...by, actor }, data)]
  const previous = state.work?.previous ?? null
  if (previous !== null) {
    // One that is confirmed waits until nothing can undo it any more.
    const due = Math.max(previous.due, by.now + FIRST_LOOK_MS)
    const work = { ...previous, due, looks: 0 }
    return { next: { ...state, work, updatedAt: by.now }, events }
  }
  if (state.status === 'pending') return { next: null, events }
  return { next: { ...state, work: null, updatedAt: by.now }, events }
}

/** It is there, but not in use as was asked for. */
export function markIdle(state: CertificateState, by: By, problem: string): CertificateStep {
  const actor = state.work?.actor ?? by.actor
  const next = { ...state, work: null, problem, updatedAt: by.now }
  const events = [certificateEvent('certificate.failed', next, { ...by, actor }, { problem })]
  return { next, events }
}

/** It failed, or nobody will ever know: that is shown until somebody acts. */
export function markFailed(state: CertificateState, by: By, problem: string): CertificateStep {
  const actor = state.work?.actor ?? by.actor
  const next = { ...state, status: 'failed' as const, problem, work: null, updatedAt: by.now }
  const events = [certificateEvent('certificate.failed', next, { ...by, actor }, { problem })]
  return { next, events }
}

/** Which of the listed certificates the work made: a new one, under one of its names. */
export function recognise(
  { before, names, kind }: Work,
  state: CertificateState,
  listed: readonly ListedCertificate[],
): ListedCertificate | undefined {
  const fresh = listed.filter(
    (each) =>
      each.purpose === state.purpose &&
      !before.some(({ upstreamId, name }) => {
        return upstreamId === each.upstreamId && name === each.name
      }),
  )
  const named = fresh.find(({ name }) => name !== null && names.includes(name))
  if (named !== undefined || kind === 'upload') return named
  // The upstream names an application by itself.
  return fresh.find(({ origin, issuedTo }) => origin === 'apply' && issuedTo === state.issuedTo)
}
