import {
  CertificatePolicies,
  InhibitAnyPolicy,
  PolicyConstraints as PolicyConstraintsSchema,
  PolicyMappings,
} from '@peculiar/asn1-x509'
import { type Bytes, EncodingError, smallInteger } from '@latchkey/crypto'
import { bytesOf } from '../bytes.ts'
import { readList } from '../schemas/list.ts'
import { readBySchema } from '../schemas/read.ts'

/** RFC 5280 §4.2.1.4; qualifiers do not take part in path validation. @throws EncodingError */
export function readCertificatePolicies(value: Bytes): readonly string[] {
  const read = readList(value, CertificatePolicies, 'certificatePolicies')
  if (read.some(({ policyQualifiers }) => policyQualifiers?.length === 0)) {
    throw new EncodingError('policyQualifiers is empty')
  }
  const policies = read.map(({ policyIdentifier }) => policyIdentifier)
  if (new Set(policies).size < policies.length) {
    throw new EncodingError('certificatePolicies has a policy more than once')
  }
  return policies
}

export interface PolicyMapping {
  readonly issuer: string
  readonly subject: string
}

/** RFC 5280 §4.2.1.5. @throws EncodingError */
export function readPolicyMappings(value: Bytes): readonly PolicyMapping[] {
  const read = readList(value, PolicyMappings, 'policyMappings')
  return read.map(({ issuerDomainPolicy, subjectDomainPolicy }) => ({
    issuer: issuerDomainPolicy,
    subject: subjectDomainPolicy,
  }))
}

/** Each a number of certificates after which the constraint holds. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined
  readonly inhibitPolicyMapping: number | undefined
}

/** RFC 5280 §4.2.1.11. @throws EncodingError also where it is empty */
export function readPolicyConstraints(value: Bytes): PolicyConstraints {
  const read = readBySchema(value, PolicyConstraintsSchema, 'policyConstraints')
  const { requireExplicitPolicy: require, inhibitPolicyMapping: inhibit } = read
  if (require === undefined && inhibit === undefined) {
    throw new EncodingError('policyConstraints is empty')
  }
  return {
    requireExplicitPolicy: require && smallInteger(bytesOf(require), 'requireExplicitPolicy'),
    inhibitPolicyMapping: inhibit && smallInteger(bytesOf(inhibit), 'inhibitPolicyMapping'),
  }
}

/** RFC 5280 §4.2.1.14. @throws EncodingError */
export function readInhibitAnyPolicy(value: Bytes): number {
  const { value: skip } = readBySchema(value, InhibitAnyPolicy, 'inhibitAnyPolicy')
  return smallInteger(bytesOf(skip), 'inhibitAnyPolicy')
}
