import { type Bytes, EncodingError } from '@latchkey/crypto'
import type { GeneralName } from '../general-name.ts'
import { EXTENSION } from '../oid.ts'
import type { Extension } from './extension.ts'
import {
  type Access,
  readAuthorityInformationAccess,
  readDistributionPoints,
  requireSubjectDirectoryAttributes,
  requireSubjectInformationAccess,
} from './informative.ts'
import {
  type AuthorityKeyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
} from './key-identifiers.ts'
import { type NameConstraints, readAlternativeNames, readNameConstraints } from './names.ts'
import {
  type PolicyConstraints,
  type PolicyMapping,
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from './policies.ts'
import {
  type BasicConstraints,
  type KeyUsage,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
} from './usage.ts'

/** What the known extensions of a certificate say; undefined where it has none, or a malformed one. */
export interface Extensions {
  readonly basicConstraints: BasicConstraints | undefined
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly subjectAlternativeName: readonly GeneralName[] | undefined
  readonly nameConstraints: NameConstraints | undefined
  readonly subjectKeyIdentifier: Bytes | undefined
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined
  readonly certificatePolicies: readonly string[] | undefined
  readonly policyMappings: readonly PolicyMapping[] | undefined
  readonly policyConstraints: PolicyConstraints | undefined
  readonly inhibitAnyPolicy: number | undefined
  readonly access: Access | undefined
  readonly crlDistributionPoints: readonly string[] | undefined
}

/** What is wrong with an extension's content. */
export interface Flaw {
  readonly oid: string
  readonly message: string
}

/**
 * Reads every known extension. Malformed content does not throw: the certificate can still be described, and
 * whoever judges it counts each flaw as an error.
 */
export function readExtensions(list: readonly Extension[]): {
  extensions: Extensions
  flaws: readonly Flaw[]
} {
  const flaws: Flaw[] = []
  const read = <T>(oid: string, reader: (value: Bytes) => T): T | undefined => {
    const extension = list.find((each) => each.oid === oid)
    if (extension === undefined) return undefined
    try {
      return reader(extension.value)
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error
      flaws.push({ oid, message: error.message })
      return undefined
    }
  }
  const extensions: Extensions = {
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    subjectAlternativeName: read(EXTENSION.subjectAlternativeName, readAlternativeNames),
    nameConstraints: read(EXTENSION.nameConstraints, readNameConstraints),
    subjectKeyIdentifier: read(EXTENSION.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: read(EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    certificatePolicies: read(EXTENSION.certificatePolicies, readCertificatePolicies),
    policyMappings: read(EXTENSION.policyMappings, readPolicyMappings),
    policyConstraints: read(EXTENSION.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: read(EXTENSION.inhibitAnyPolicy, readInhibitAnyPolicy),
    access: read(EXTENSION.authorityInformationAccess, readAuthorityInformationAccess),
    crlDistributionPoints: read(EXTENSION.crlDistributionPoints, readDistributionPoints),
  }
  read(EXTENSION.freshestCrl, readDistributionPoints)
  read(EXTENSION.subjectInformationAccess, requireSubjectInformationAccess)
  read(EXTENSION.issuerAlternativeName, readAlternativeNames)
  read(EXTENSION.subjectDirectoryAttributes, requireSubjectDirectoryAttributes)
  return { extensions, flaws }
}
