import {
  AuthorityInfoAccessSyntax,
  CRLDistributionPoints,
  type GeneralName,
  SubjectDirectoryAttributes,
  SubjectInfoAccessSyntax,
} from '@peculiar/asn1-x509'
import type { Bytes } from '@latchkey/crypto'
import { readList } from '../schemas/list.ts'

/** Where more about the issuer is to be had, as URIs. */
export interface Access {
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
}

/** RFC 5280 §4.2.2.1. */
const OCSP = '1.3.6.1.5.5.7.48.1'
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2'

/** @throws EncodingError */
export function readAuthorityInformationAccess(value: Bytes): Access {
  const read = readList(value, AuthorityInfoAccessSyntax, 'authorityInfoAccess')
  const urisBy = (method: string) =>
    read
      .filter(({ accessMethod }) => accessMethod === method)
      .flatMap(({ accessLocation }) => uriOf(accessLocation))
  return { ocsp: urisBy(OCSP), caIssuers: urisBy(CA_ISSUERS) }
}

/** The URIs of cRLDistributionPoints, and of freshestCRL, which has the same form. @throws EncodingError */
export function readDistributionPoints(value: Bytes): readonly string[] {
  const read = readList(value, CRLDistributionPoints, 'cRLDistributionPoints')
  return read.flatMap(({ distributionPoint }) => (distributionPoint?.fullName ?? []).flatMap(uriOf))
}

export function uriOf({ uniformResourceIdentifier }: GeneralName): readonly string[] {
  return uniformResourceIdentifier === undefined ? [] : [uniformResourceIdentifier]
}

/** @throws EncodingError */
export function requireSubjectInformationAccess(value: Bytes): true {
  readList(value, SubjectInfoAccessSyntax, 'subjectInfoAccess')
  return true
}

/** @throws EncodingError */
export function requireSubjectDirectoryAttributes(value: Bytes): true {
  readList(value, SubjectDirectoryAttributes, 'subjectDirectoryAttributes')
  return true
}
