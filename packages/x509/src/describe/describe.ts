import { Fault, type Fingerprint, type Instant } from '@latchkey/core'
import { type Bytes, EncodingError, fingerprintOf, toHex } from '@latchkey/crypto'
import { type Key, readKeyOrNull } from '../key/key.ts'
import { keyTitle } from '../key/title.ts'
import { isSelfIssued } from '../names/canonical.ts'
import { nameText } from '../names/text.ts'
import { type Certificate, readCertificate } from '../read/certificate.ts'
import { attributesOf } from '../read/name.ts'
import { ATTRIBUTE } from '../read/oid.ts'
import { type Encoded, toDer } from '../read/pem.ts'
import { isSignedBy } from '../signature/signed.ts'
import { signatureTitle } from '../signature/title.ts'
import { type DescribedName, describeName } from './names.ts'
import { usageTitle } from './usages.ts'

/** What a certificate says, in plain terms; null or empty where it says nothing. */
export interface CertificateDescription {
  /** Names as in RFC 4514: `CN=example.com, O=Example, C=IN`. */
  readonly subject: string
  readonly issuer: string
  readonly commonName: string | null
  readonly subjectAlternativeNames: readonly DescribedName[]
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** Lower-case hex of its octets. */
  readonly serialNumber: string
  readonly version: number
  /** `RSA 2048`, `EC P-256`, `Ed25519`, `malformed`. */
  readonly key: string
  /** Of the SubjectPublicKeyInfo. */
  readonly keyFingerprint: Fingerprint
  readonly signatureAlgorithm: string
  readonly isAuthority: boolean
  readonly pathLength: number | null
  readonly keyUsage: readonly string[] | null
  readonly extendedKeyUsage: readonly string[] | null
  readonly nameConstraints: {
    readonly permitted: readonly DescribedName[]
    readonly excluded: readonly DescribedName[]
  } | null
  readonly policies: readonly string[]
  /** Lower-case hex. */
  readonly subjectKeyIdentifier: string | null
  readonly authorityKeyIdentifier: string | null
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
  readonly crlDistributionPoints: readonly string[]
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: Fingerprint
  readonly isSelfIssued: boolean
  /** Self-issued, and its own key verifies its signature; false for algorithms that are broken or unknown. */
  readonly isSelfSigned: boolean
  /** Extensions that are malformed, with what is wrong. */
  readonly flaws: readonly string[]
}

/**
 * Describes a certificate without judging it.
 * @throws Fault `certificate_invalid` where it is not the DER, or one PEM block, of a certificate
 */
export async function describeCertificate(encoded: Encoded): Promise<CertificateDescription> {
  try {
    const certificate = readCertificate(toDer(encoded, 'CERTIFICATE'))
    return await describe(certificate, readKeyOrNull(certificate.spki))
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    throw new Fault('certificate_invalid', `Cannot read certificate: ${cause.message}`, { cause })
  }
}

async function describe(
  certificate: Certificate,
  key: Key | null,
): Promise<CertificateDescription> {
  const { der, spki, subject, issuer, extensions } = certificate
  const selfIssued = isSelfIssued(certificate)
  const [commonName] = attributesOf(subject, ATTRIBUTE.commonName)
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    commonName: commonName?.text ?? null,
    subjectAlternativeNames: (extensions.subjectAlternativeName ?? []).map(describeName),
    notBefore: certificate.notBefore.instant,
    notAfter: certificate.notAfter.instant,
    serialNumber: toHex(certificate.serial),
    version: certificate.version,
    key: key === null ? 'malformed' : keyTitle(key),
    keyFingerprint: await fingerprintOf(spki),
    signatureAlgorithm: signatureTitle(certificate.signatureAlgorithm),
    ...describeUse(certificate),
    ...describeIdentifiers(certificate),
    fingerprint: await fingerprintOf(der),
    isSelfIssued: selfIssued,
    isSelfSigned: selfIssued && (await isSignedBy(certificate, key)),
    flaws: certificate.flaws.map(({ oid, message }) => `${oid}: ${message}`),
  }
}

function describeUse({ extensions }: Certificate) {
  const { basicConstraints, keyUsage, extendedKeyUsage, nameConstraints } = extensions
  return {
    isAuthority: basicConstraints?.ca === true,
    pathLength: basicConstraints?.pathLength ?? null,
    keyUsage: keyUsage === undefined ? null : [...keyUsage],
    extendedKeyUsage: extendedKeyUsage?.map(usageTitle) ?? null,
    nameConstraints:
      nameConstraints === undefined
        ? null
        : {
            permitted: nameConstraints.permitted.map(describeName),
            excluded: nameConstraints.excluded.map(describeName),
          },
    policies: extensions.certificatePolicies ?? [],
  }
}

function describeIdentifiers({ extensions }: Certificate) {
  const { subjectKeyIdentifier, authorityKeyIdentifier, access, crlDistributionPoints } = extensions
  return {
    subjectKeyIdentifier: hexOrNull(subjectKeyIdentifier),
    authorityKeyIdentifier: hexOrNull(authorityKeyIdentifier?.keyIdentifier),
    ocsp: access?.ocsp ?? [],
    caIssuers: access?.caIssuers ?? [],
    crlDistributionPoints: crlDistributionPoints ?? [],
  }
}

function hexOrNull(octets: Bytes | undefined): string | null {
  return octets === undefined ? null : toHex(octets)
}
