import { error, type Remark, warning } from '../findings.ts'
import type { Budget } from '../path/budget.ts'
import type { JudgedPlace } from '../path/place.ts'
import { canonicalName } from '../names/canonical.ts'
import { equalBytes } from '../read/bytes.ts'
import { isSignedBy } from '../signature/signed.ts'
import type { Crl } from './read.ts'
import { crlProblems } from './usable.ts'

/**
 * What the CRLs at hand say about a certificate. The leaf has to be covered by a usable one of its issuer; so does an
 * intermediate whose issuer has one here. That a certificate is listed is believed of any CRL with a sound signature,
 * even one that is too old to tell the contrary.
 */
export async function checkRevocation(
  crls: readonly Crl[],
  place: JudgedPlace,
  issuer: JudgedPlace,
  budget: Budget,
): Promise<readonly Remark[]> {
  const own = crls.filter((crl) => canonicalName(crl.issuer) === place.issuer)
  if (own.length === 0) {
    const grade = place.role === 'leaf' ? error : warning
    return [grade('revocation_unknown', 'There is no CRL of the issuer')]
  }
  const remarks: Remark[] = []
  let isCovered = false
  for (const crl of own) {
    budget.spend('signatures')
    const isSigned = await isSignedBy(crl, issuer.key)
    if (isSigned && isListed(crl, place)) return [error('revoked', 'The certificate is revoked')]
    const problems = isSigned
      ? [...crlProblems(crl, place.certificate, issuer.certificate, place.rules)]
      : ['it is not signed by the issuer']
    isCovered ||= problems.length === 0
    remarks.push(
      ...problems.map((problem) => warning('crl_unusable', `A CRL is of no use: ${problem}`)),
    )
  }
  if (isCovered) return remarks
  return [...remarks, error('revocation_unknown', 'No CRL of the issuer can be used')]
}

function isListed({ entries }: Crl, { certificate }: JudgedPlace): boolean {
  return entries.some(({ serial }) => equalBytes(serial, certificate.serial))
}
