import { type CertificateDescription, daysLeft, type Instant, toTimestamp } from '@latchkey/core'
import type * as z from 'zod'
import type { describedCertificateSchema } from '../schemas/inspection.ts'

/** What a certificate says, as it is shown. */
export function showDescribed(
  certificate: CertificateDescription,
  now: Instant,
): z.infer<typeof describedCertificateSchema> {
  const { keyUsage, extendedKeyUsage } = certificate
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectAlternativeNames: certificate.subjectAlternativeNames.map(({ value }) => value),
    notBefore: toTimestamp(certificate.notBefore),
    notAfter: toTimestamp(certificate.notAfter),
    daysLeft: daysLeft(certificate.notAfter, now),
    serialNumber: certificate.serialNumber,
    key: certificate.key,
    signatureAlgorithm: certificate.signatureAlgorithm,
    isAuthority: certificate.isAuthority,
    isSelfSigned: certificate.isSelfSigned,
    keyUsage: keyUsage === null ? null : [...keyUsage],
    extendedKeyUsage: extendedKeyUsage === null ? null : [...extendedKeyUsage],
    fingerprint: certificate.fingerprint,
  }
}
