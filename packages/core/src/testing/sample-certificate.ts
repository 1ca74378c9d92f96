import type { CertificateState, PublicBundle, Work } from '../certificate/state.ts'
import { newCertificate } from '../certificate/state.ts'
import { type NewWork, startWork } from '../certificate/work.ts'
import { DAY, type Instant } from '../instant.ts'
import type { CertificateKind, ListedCertificate } from '../provider/certificates.ts'
import { ACTOR, NOW } from './sample-number.ts'

export const LISTED_KIND: CertificateKind = {
  purpose: 'server',
  slot: null,
  isListed: true,
  upload: {},
  canApply: true,
  canRemove: true,
  canActivate: true,
  canRenew: true,
  quota: 3,
  afterUpload: null,
}
export const BLIND_KIND: CertificateKind = { ...LISTED_KIND, slot: 'server', isListed: false }

export function sampleBundle(name: string, notAfter: Instant = NOW + 90 * DAY): PublicBundle {
  return {
    details: {
      subject: `CN=${name}`,
      issuer: 'CN=Issuer',
      subjectAlternativeNames: [],
      notBefore: NOW,
      notAfter,
      fingerprint: `sha256:${name}`,
    },
    pem: `PEM ${name}`,
  }
}

export function sampleCertificate(changes: Partial<CertificateState> = {}): CertificateState {
  const made = newCertificate({
    id: 'crt_1',
    connectionId: 'con_1',
    provider: 'model',
    purpose: 'server',
    name: 'a.pem',
    at: NOW,
  })
  return { ...made, ...changes }
}

export interface Underway {
  readonly state: CertificateState
  readonly work: Work
}

/** A certificate of which something has been asked for. */
export function begun(
  state: CertificateState,
  asked: Partial<NewWork> = {},
  at: Instant = NOW,
): Underway {
  const wanted: NewWork = {
    kind: 'upload',
    material: 'sealed',
    bundle: sampleBundle('a'),
    activate: false,
    before: [],
    names: ['a.pem'],
    told: {},
    ...asked,
  }
  return underway(startWork(state, { actor: ACTOR, now: at }, wanted).next)
}

/** @throws Error where nothing is on its way */
export function underway(state: CertificateState | null): Underway {
  if (state === null || state.work === null) throw new Error('Nothing is on its way')
  return { state, work: state.work }
}

export function sampleListed(changes: Partial<ListedCertificate> = {}): ListedCertificate {
  return {
    upstreamId: '1',
    purpose: 'server',
    name: 'a.pem',
    status: 'installed',
    origin: 'upload',
    issuedTo: null,
    notAfter: null,
    pem: null,
    autoRenewal: null,
    problem: null,
    ...changes,
  }
}
