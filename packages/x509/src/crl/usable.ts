import { SECOND } from '@latchkey/core'
import { contentOf, EncodingError, readOnly, TAG, twosComplement } from '@latchkey/crypto'
import { equalBytes } from '../read/bytes.ts'
import type { Certificate } from '../read/certificate.ts'
import type { Extension } from '../read/extensions/extension.ts'
import { readAuthorityKeyIdentifier } from '../read/extensions/key-identifiers.ts'
import { EXTENSION } from '../read/oid.ts'
import type { Rules } from '../rules.ts'
import { readIssuingDistributionPoint } from './distribution-point.ts'
import type { Crl, CrlEntry } from './read.ts'
import { scopeProblems } from './scope.ts'

/** RFC 5280 §5.2.3. */
const MAX_NUMBER_OCTETS = 20

/** What can be honoured where it is critical; of entries, a reason and a date change nothing (RFC 5280 §5.3). */
const HONOURED: ReadonlySet<string> = new Set([EXTENSION.issuingDistributionPoint])
const HONOURED_IN_ENTRIES: ReadonlySet<string> = new Set([
  EXTENSION.crlReason,
  EXTENSION.invalidityDate,
])

/**
 * Why a CRL, whose signature is sound, cannot say that a certificate is not revoked (RFC 5280 §5.1, §5.2, §6.3.3).
 */
export function* crlProblems(
  crl: Crl,
  certificate: Certificate,
  issuer: Certificate,
  { at }: Rules,
): Iterable<string> {
  if (crl.version !== 2) yield 'it is not of version 2'
  if (!equalBytes(crl.signatureAlgorithm.raw, crl.signedAlgorithm.raw)) {
    yield 'its signature algorithm is not the one inside of what is signed'
  }
  const { keyUsage } = issuer.extensions
  if (keyUsage !== undefined && !keyUsage.has('cRLSign')) {
    yield 'keyUsage of its issuer does not allow signing CRLs'
  }
  const second = Math.floor(at / SECOND) * SECOND
  if (second < crl.thisUpdate.instant) yield 'it is from the future'
  if (crl.nextUpdate === undefined) yield 'it does not say when the next one is due'
  else if (second > crl.nextUpdate.instant) yield 'the next one is due'
  yield* extensionProblems(crl, certificate, issuer)
  if (crl.entries.some(isBeyondUs)) yield 'an entry has a critical extension that is unknown'
}

function isBeyondUs({ extensionList }: CrlEntry): boolean {
  return extensionList.some(({ oid, critical }) => critical && !HONOURED_IN_ENTRIES.has(oid))
}

function* extensionProblems(
  { extensionList }: Crl,
  certificate: Certificate,
  issuer: Certificate,
): Iterable<string> {
  const byOid = new Map(extensionList.map((extension) => [extension.oid, extension]))
  if (byOid.size < extensionList.length) yield 'it has an extension more than once'
  if (extensionList.some(({ oid, critical }) => critical && !HONOURED.has(oid))) {
    yield 'it has a critical extension that cannot be honoured'
  }
  if (byOid.has(EXTENSION.deltaCrlIndicator)) yield 'it tells changes alone'
  try {
    yield* numberProblems(byOid.get(EXTENSION.crlNumber))
    yield* authorityProblems(byOid.get(EXTENSION.authorityKeyIdentifier), issuer)
    const scope = byOid.get(EXTENSION.issuingDistributionPoint)
    if (scope === undefined) return
    if (!scope.critical) yield 'its issuingDistributionPoint is not critical'
    yield* scopeProblems(readIssuingDistributionPoint(scope.value), certificate)
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error
    yield `an extension is malformed: ${error.message}`
  }
}

function* numberProblems(extension: Extension | undefined): Iterable<string> {
  if (extension === undefined) {
    yield 'it has no number'
    return
  }
  const content = contentOf(readOnly(extension.value), TAG.integer, 'cRLNumber')
  const octets = twosComplement(content, 'cRLNumber')
  if ((octets[0] ?? 0) >= 0x80 || octets.length > MAX_NUMBER_OCTETS) {
    yield 'its number is negative or too long'
  }
}

function* authorityProblems(
  extension: Extension | undefined,
  issuer: Certificate,
): Iterable<string> {
  if (extension === undefined) {
    yield 'it does not identify the key that signed it'
    return
  }
  const { keyIdentifier } = readAuthorityKeyIdentifier(extension.value)
  const { subjectKeyIdentifier } = issuer.extensions
  if (keyIdentifier === undefined || subjectKeyIdentifier === undefined) return
  if (!equalBytes(keyIdentifier, subjectKeyIdentifier)) yield 'it identifies another key'
}
