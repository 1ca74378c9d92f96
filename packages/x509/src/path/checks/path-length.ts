import { error, type Remark } from '../../findings.ts'
import type { Place } from '../place.ts'

/** Intermediates that count (RFC 5280 §4.2.1.9): those that an authority issued to itself do not. */
export function countIntermediates(places: readonly Place[]): number {
  return places.filter(({ role, isSelfIssued }) => role === 'intermediate' && !isSelfIssued).length
}

/** RFC 5280 §6.1.4 (l) and (m): for one authority, the certificates below it, the leaf first. */
export function* checkPathLength(
  { certificate }: Place,
  below: readonly Place[],
): Iterable<Remark> {
  const limit = certificate.extensions.basicConstraints?.pathLength
  const count = countIntermediates(below)
  if (limit !== undefined && count > limit) {
    const message = `There are ${count} intermediates below an authority that allows ${limit}`
    yield error('path_length_exceeded', message)
  }
}
