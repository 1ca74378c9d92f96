import type { Instant } from '../instant.ts'
import type { FileRules } from '../provider/certificates.ts'
import type { Fingerprint } from '../public-key.ts'

/** What a bundle is judged for; authorities of every kind are judged alike. */
export type BundlePurpose = 'server' | 'trusted-ca' | 'webhook-ca'

/** What the receiver of a bundle wants other than is usual for its purpose. */
export interface BundleRules extends Omit<FileRules, 'keyPlace'> {
  readonly needsPrivateKey?: boolean
  /** Where the private key stands in the normal text; `apart` leaves it out. */
  readonly keyPlace?: FileRules['keyPlace'] | 'apart'
}

export interface BundleRequest {
  /** Certificates, and possibly the private key, in PEM that may be mangled. */
  readonly pem: string
  readonly privateKey?: string
  readonly passphrase?: string
  readonly purpose: BundlePurpose
  readonly rules?: BundleRules
  /** A host or an address that a server's certificate has to be for. */
  readonly hostname?: string
  /** PEM of those that are trusted; without them an unknown anchor is but a warning. */
  readonly roots?: string
  readonly at: Instant
}

/** Something that was found in a bundle: refused, worth knowing, or mended already. */
export interface BundleFinding {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'repaired'
  readonly message: string
  /** Index into the certificates of the inspection. */
  readonly certificate?: number
}

export type Verdict = 'pass' | 'warn' | 'fail'

/** What a certificate says, in plain terms; null or empty where it says nothing. */
export interface CertificateDescription {
  /** Names as in RFC 4514: `CN=example.com, O=Example, C=IN`. */
  readonly subject: string
  readonly issuer: string
  readonly subjectAlternativeNames: readonly { readonly type: string; readonly value: string }[]
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** Lower-case hex of its octets. */
  readonly serialNumber: string
  /** `RSA 2048`, `EC P-256`, `Ed25519`, `malformed`. */
  readonly key: string
  readonly signatureAlgorithm: string
  readonly isAuthority: boolean
  readonly isSelfSigned: boolean
  readonly keyUsage: readonly string[] | null
  readonly extendedKeyUsage: readonly string[] | null
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: Fingerprint
}

export interface BundleInspection {
  readonly verdict: Verdict
  readonly findings: readonly BundleFinding[]
  /** Those of the bundle in its order, then those that were left out. */
  readonly certificates: readonly CertificateDescription[]
  /** The bundle in strict PEM with the private key where the rules want it; null where there is nothing whole to send. */
  readonly normalizedPem: string | null
}

/** Judges certificates; loaded when it is first needed. */
export interface CertificateInspector {
  /** Never throws for what the text is, and asks nobody. */
  inspect(request: BundleRequest): Promise<BundleInspection>
  /** @throws Fault certificate_invalid where it is not one certificate, in PEM or DER */
  describe(certificate: string | Uint8Array): Promise<CertificateDescription>
}
