import type { Instant } from '../instant.ts'

export const CERTIFICATE_PURPOSES = ['server', 'server-ca', 'webhook-ca', 'trusted-ca'] as const

/** What a certificate is there for at an upstream. */
export type CertificatePurpose = (typeof CERTIFICATE_PURPOSES)[number]

/** A value that a DNS provider wants; its type decides the field that it travels in. */
export type DnsParameters = { readonly [name: string]: string | number | boolean }

/** Access to the DNS of a domain, by which an authority is shown who owns it; the parameters are secrets. */
export interface DnsAccess {
  readonly dnsProvider: string
  readonly dnsParameters: DnsParameters
}

/** A certificate as the upstream tells of it, without its DNS secrets; null where it does not say. */
export interface ListedCertificate {
  /** What the upstream knows it by. */
  readonly upstreamId: string
  readonly purpose: CertificatePurpose
  readonly name: string | null
  /** `pending`: the upstream still works on it. */
  readonly status: 'pending' | 'installed' | 'failed'
  /** How it came there, where the upstream tells. */
  readonly origin: 'upload' | 'apply' | null
  /** The domain, or the name, that it was issued to. */
  readonly issuedTo: string | null
  readonly notAfter: Instant | null
  /** Canonical PEM of the certificates alone, where the upstream gives it. */
  readonly pem: string | null
  readonly autoRenewal: AutoRenewalState | null
  /** Why it failed, in the upstream's own words or code, bounded. */
  readonly problem: string | null
}

/** Whether the upstream renews a certificate by itself, and by whose DNS. */
export interface AutoRenewalState {
  readonly enabled: boolean
  readonly dnsProvider: string | null
}

/** What an upload asks of a file, as far as it differs from what is usual for its purpose. */
export interface FileRules {
  readonly needsIntermediate?: boolean
  /** Where the private key stands in the file. */
  readonly keyPlace?: 'first' | 'last'
}

/** What a connection can do with the certificates of one purpose. */
export interface CertificateKind {
  readonly purpose: CertificatePurpose
  /** There is exactly one, known by this id, and an upload overwrites it. Null: many, each with an id of its own. */
  readonly slot: string | null
  /** The upstream can be asked which there are. */
  readonly isListed: boolean
  /** Null: it takes no uploads. */
  readonly upload: FileRules | null
  readonly canApply: boolean
  readonly canRemove: boolean
  readonly canActivate: boolean
  /** Auto-renewal can be turned on and off. */
  readonly canRenew: boolean
  /** How many the upstream holds at most. */
  readonly quota: number | null
  /** What has to be done elsewhere before an upload is in use, for a warning. */
  readonly afterUpload: { readonly code: string; readonly message: string } | null
}

/** The certificate side of a connection. */
export interface CertificateSupport {
  readonly kinds: readonly CertificateKind[]
  /**
   * Checks access to a DNS provider before anything is sent.
   * @returns warnings, as for a provider that is not known here
   * @throws Fault invalid_request with a pointer below `dnsParameters` for each that is missing or of another type
   */
  readonly checkDns?: (access: DnsAccess) => readonly { code: string; message: string }[]
}
