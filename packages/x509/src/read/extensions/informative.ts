import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AuthorityInfoAccessSyntax,
  CRLDistributionPoints,
  type GeneralName,
  SubjectDirectoryAttributes,
  SubjectInfoAccessSyntax,
} from '@peculiar/asn1-x509'
import type { Bytes } from '@latchkey/crypto'
import { equalBytes } from '../bytes.ts'
import { type DerElement, readElements } from '../der.ts'
import { EncodingError } from '../encoding-error.ts'

/**
 * Reads an extension that takes no part in the decision by its published schema. The schema's parser passes over
 * what it does not know and takes BER: only bytes that it writes again in the same way count as read.
 * @throws EncodingError also where the list is empty, as none of these may be
 */
function readBySchema<T>(element: DerElement, schema: new () => T, what: string): T {
  const read = parse(element.raw, schema, what)
  if (!equalBytes(new Uint8Array(AsnConvert.serialize(read)), element.raw)) {
    throw new EncodingError(`${what} is not in the form that it has in DER`)
  }
  if (readElements(element.content).length === 0) throw new EncodingError(`${what} is empty`)
  return read
}

function parse<T>(raw: Bytes, schema: new () => T, what: string): T {
  try {
    return AsnConvert.parse(raw, schema)
  } catch (cause) {
    throw new EncodingError(`${what} is malformed`, { cause })
  }
}

/** Where more about the issuer is to be had, as URIs. */
export interface Access {
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
}

/** RFC 5280 §4.2.2.1. */
const OCSP = '1.3.6.1.5.5.7.48.1'
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2'

/** @throws EncodingError */
export function readAuthorityInformationAccess(element: DerElement): Access {
  // The schema's arrays are of a class of their own, and so would be what is made of them.
  const read = [...readBySchema(element, AuthorityInfoAccessSyntax, 'authorityInfoAccess')]
  const urisBy = (method: string) =>
    read
      .filter(({ accessMethod }) => accessMethod === method)
      .flatMap(({ accessLocation }) => uriOf(accessLocation))
  return { ocsp: urisBy(OCSP), caIssuers: urisBy(CA_ISSUERS) }
}

/** The URIs of cRLDistributionPoints, and of freshestCRL, which has the same form. @throws EncodingError */
export function readDistributionPoints(element: DerElement): readonly string[] {
  const read = [...readBySchema(element, CRLDistributionPoints, 'cRLDistributionPoints')]
  return read.flatMap(({ distributionPoint }) => (distributionPoint?.fullName ?? []).flatMap(uriOf))
}

function uriOf({ uniformResourceIdentifier }: GeneralName): readonly string[] {
  return uniformResourceIdentifier === undefined ? [] : [uniformResourceIdentifier]
}

/** @throws EncodingError */
export function requireSubjectInformationAccess(element: DerElement): true {
  readBySchema(element, SubjectInfoAccessSyntax, 'subjectInfoAccess')
  return true
}

/** @throws EncodingError */
export function requireSubjectDirectoryAttributes(element: DerElement): true {
  readBySchema(element, SubjectDirectoryAttributes, 'subjectDirectoryAttributes')
  return true
}
