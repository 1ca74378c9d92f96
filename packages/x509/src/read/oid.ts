/** Extensions of certificates and CRLs: RFC 5280 §4.2, §5.2, §5.3; RFC 6960 §4.2.2.2; RFC 6962 §3. */
export const EXTENSION = {
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  issuerAlternativeName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  crlReason: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  subjectInformationAccess: '1.3.6.1.5.5.7.1.11',
  precertificatePoison: '1.3.6.1.4.1.11129.2.4.3',
} as const

/** Attribute types of names (RFC 5280 §A.1, RFC 2985 §5.2.1). */
export const ATTRIBUTE = {
  commonName: '2.5.4.3',
  emailAddress: '1.2.840.113549.1.9.1',
} as const

export const ANY_POLICY = '2.5.29.32.0'
export const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0'

/** Public keys: RFC 8017 §A.1, RFC 5480 §2.1.1, RFC 8410 §3, RFC 3279 §2.3.2. */
export const KEY_ALGORITHM = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  dsa: '1.2.840.10040.4.1',
} as const
