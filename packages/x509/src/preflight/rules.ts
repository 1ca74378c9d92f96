export type BundlePurpose = 'server' | 'trusted-ca' | 'webhook-ca'

/** What a receiver wants of a bundle; as data, so that each says its own. */
export interface BundleRules {
  /** Authorities to trust rather than a server's certificate with its issuers. */
  readonly wantsCa: boolean
  readonly needsPrivateKey: boolean
  /** At least one authority between the leaf and its root. */
  readonly needsIntermediate: boolean
  readonly keepsRoot: boolean
  /** Where the key stands in the normal text; `apart` leaves it out. */
  readonly keyPlace: 'first' | 'last' | 'apart'
  readonly maxCertificates: number
  /** Days before the end from which on it is told. */
  readonly marginDays: number
}

const AUTHORITIES: BundleRules = {
  wantsCa: true,
  needsPrivateKey: false,
  needsIntermediate: false,
  keepsRoot: true,
  keyPlace: 'apart',
  // A company's own authorities with room; whole stores of roots are not what an upload is for.
  maxCertificates: 20,
  marginDays: 30,
}

/** What is asked for where a receiver does not say otherwise. */
export const BUNDLE_RULES: Readonly<Record<BundlePurpose, BundleRules>> = {
  server: {
    wantsCa: false,
    needsPrivateKey: true,
    needsIntermediate: false,
    keepsRoot: false,
    keyPlace: 'first',
    maxCertificates: 10,
    // Authorities that renew by themselves do so a month before the end.
    marginDays: 14,
  },
  'trusted-ca': AUTHORITIES,
  'webhook-ca': AUTHORITIES,
}
