import type { Certificate } from '../read/certificate.ts'
import type { IssuingDistributionPoint } from './distribution-point.ts'

/**
 * Why a CRL with this scope tells nothing about a certificate, or not all (RFC 5280 §6.3.3 (b)(2)). What would take
 * more than one CRL to answer, or another's, is not put together here and so counts as no answer.
 */
export function* scopeProblems(
  scope: IssuingDistributionPoint,
  { extensions }: Certificate,
): Iterable<string> {
  const ca = extensions.basicConstraints?.ca === true
  if (scope.onlyAttributes) yield 'it is about attribute certificates'
  if (scope.onlyUsers && ca) yield 'it is not about authorities'
  if (scope.onlyAuthorities && !ca) yield 'it is about authorities alone'
  if (scope.onlySomeReasons) yield 'it is about some reasons of revocation alone'
  if (scope.isIndirect) yield 'it is an indirect one'
  if (scope.uris === undefined) return
  const points = extensions.crlDistributionPoints ?? []
  if (scope.uris === null || !scope.uris.some((uri) => points.includes(uri))) {
    yield 'the certificate does not name its distribution point'
  }
}
