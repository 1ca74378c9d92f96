import { error, type Remark, warning } from '../../findings.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/** Whether a certificate is an authority's and says so throughout: basicConstraints and keyUsage have to agree. */
export function* checkAuthority(place: Place): Iterable<Remark> {
  yield* place.role === 'leaf' ? checkLeaf(place) : checkIssuer(place)
  const { basicConstraints, keyUsage } = place.certificate.extensions
  const signs = keyUsage === undefined || keyUsage.has('keyCertSign')
  if (basicConstraints?.pathLength !== undefined && !(basicConstraints.ca && signs)) {
    const message = 'A path length is set where no certificates may be signed'
    yield error('path_length_misplaced', message)
  }
}

function* checkIssuer({ certificate, role, rules }: Place): Iterable<Remark> {
  const { basicConstraints, keyUsage } = certificate.extensions
  if (basicConstraints?.ca !== true) {
    yield error('not_a_ca', 'basicConstraints does not say that it is a certificate authority')
  }
  const constraints = certificate.extensionList.find(
    ({ oid }) => oid === EXTENSION.basicConstraints,
  )
  if (constraints?.critical === false) {
    yield error('extension_must_be_critical', 'basicConstraints of an authority is not critical')
  }
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign')) {
    yield error('key_usage_wrong', 'keyUsage of an authority does not allow signing certificates')
  }
  if (certificate.extensionList.every(({ oid }) => oid !== EXTENSION.keyUsage)) {
    // Anchors from before the requirement are still in every store.
    const strict = rules.profile === 'webpki' && role === 'intermediate'
    yield (strict ? error : warning)('key_usage_missing', 'An authority has no keyUsage')
  }
}

function* checkLeaf({ certificate, rules }: Place): Iterable<Remark> {
  const { basicConstraints, keyUsage } = certificate.extensions
  const ca = basicConstraints?.ca === true
  const signs = keyUsage?.has('keyCertSign') === true
  if (rules.profile === 'webpki') {
    if (ca) yield error('ca_as_leaf', 'The leaf is the certificate of a certificate authority')
    if (signs || keyUsage?.has('cRLSign') === true) {
      yield error('key_usage_wrong', 'keyUsage of the leaf allows signing certificates or CRLs')
    }
  } else if (signs && !ca) {
    const message = 'keyUsage allows signing certificates, basicConstraints does not'
    yield error('key_usage_wrong', message)
  }
}
