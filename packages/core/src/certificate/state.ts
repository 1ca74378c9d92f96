import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import type { AutoRenewalState, CertificatePurpose } from '../provider/certificates.ts'
import type { Fingerprint } from '../public-key.ts'

/** What is shown of a certificate, or of the first of a bundle. */
export interface CertificateDetails {
  readonly subject: string
  readonly issuer: string
  readonly subjectAlternativeNames: readonly string[]
  readonly notBefore: Instant
  /** Of the certificate of the bundle that ends first. */
  readonly notAfter: Instant
  readonly fingerprint: Fingerprint
}

/** A bundle without its private key. */
export interface PublicBundle {
  readonly details: CertificateDetails
  /** Canonical PEM of the certificates. */
  readonly pem: string
}

/** What an upstream had of others when something was begun: ids alone are given out again. */
export interface Marked {
  readonly upstreamId: string
  readonly name: string | null
}

/** Something that is being brought to the upstream, resumed by whoever finds it. */
export interface Work {
  readonly kind: 'upload' | 'apply'
  /** `sending`: not certainly there; `issuing`: the upstream works on it; `activating`: it is there, not in use. */
  readonly phase: 'sending' | 'issuing' | 'activating'
  /** What is to be sent, sealed; null from when it is certainly there. */
  readonly material: string | null
  /** The bundle that is sent; null for an application. */
  readonly bundle: PublicBundle | null
  readonly activate: boolean
  readonly actor: Actor
  readonly since: Instant
  /** By when it had gone out, the last time; null as long as nothing can have reached the upstream. */
  readonly sentBy: Instant | null
  readonly sends: number
  /** Those that the upstream listed before anything was sent. */
  readonly before: readonly Marked[]
  /** Names that the upstream may list it under. */
  readonly names: readonly string[]
  /** An earlier write whose outcome nobody knows may still land until then, and undo this one. */
  readonly doubtUntil: Instant | null
  /** It was taken, and is only to be made certain of. */
  readonly isConfirming: boolean
  /** What was on its way to the same place, its outcome unknown; it goes on where this one is refused. */
  readonly previous: Work | null
  /** When it is to be looked after next, and how often that was done in this phase. */
  readonly due: Instant
  readonly looks: number
}

export interface CertificateState {
  readonly id: string
  readonly connectionId: string
  readonly provider: string
  readonly purpose: CertificatePurpose
  /** Null until the upstream has listed it. */
  readonly upstreamId: string | null
  readonly name: string | null
  readonly source: 'upload' | 'apply' | null
  readonly status: 'pending' | 'installed' | 'active' | 'failed'
  readonly issuedTo: string | null
  /** Null where nobody knows the certificate itself. */
  readonly bundle: PublicBundle | null
  readonly notAfter: Instant | null
  /** The end that the upstream last told, which may be another one's than that of the whole bundle. */
  readonly toldEnd: Instant | null
  readonly autoRenewal: AutoRenewalState | null
  readonly problem: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** When the upstream last told of it. */
  readonly observedAt: Instant | null
  /** The fewest days of which `certificate.expiring` was recorded, of the present end. */
  readonly toldDays: number | null
  /** Counts the commits: a step is made of the state as it was read, or not at all. */
  readonly revision: number
  readonly work: Work | null
}

export interface NewCertificate {
  readonly id: string
  readonly connectionId: string
  readonly provider: string
  readonly purpose: CertificatePurpose
  readonly name: string | null
  readonly at: Instant
}

export function newCertificate({ at, ...made }: NewCertificate): CertificateState {
  return {
    ...made,
    upstreamId: null,
    source: null,
    status: 'pending',
    issuedTo: null,
    bundle: null,
    notAfter: null,
    toldEnd: null,
    autoRenewal: null,
    problem: null,
    createdAt: at,
    updatedAt: at,
    observedAt: null,
    toldDays: null,
    revision: 0,
    work: null,
  }
}

/** Where what is on its way to an upstream is sealed to. */
export function materialPlace({ id, connectionId }: CertificateState): string {
  return `connection/${connectionId}/certificate/${id}/material`
}

export function certificateLabels(state: CertificateState): Record<string, string> {
  return { connectionId: state.connectionId, purpose: state.purpose }
}
