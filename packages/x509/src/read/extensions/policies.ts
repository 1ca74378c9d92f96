import { contextPrimitive, type DerElement, TAG } from '../der.ts'
import { EncodingError } from '../encoding-error.ts'
import { fieldsOf, nonEmptyMembersOf } from '../fields.ts'
import { objectIdentifier, smallInteger } from '../values.ts'

/** RFC 5280 §4.2.1.4; qualifiers do not take part in path validation. @throws EncodingError */
export function readCertificatePolicies(element: DerElement): readonly string[] {
  const policies = nonEmptyMembersOf(element, 'certificatePolicies').map((information) => {
    const fields = fieldsOf(information, 'PolicyInformation')
    const policy = objectIdentifier(fields.take(TAG.objectIdentifier, 'policy'), 'policy')
    const qualifiers = fields.optional(TAG.sequence)
    if (qualifiers !== undefined) nonEmptyMembersOf(qualifiers, 'policyQualifiers')
    fields.end()
    return policy
  })
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
export function readPolicyMappings(element: DerElement): readonly PolicyMapping[] {
  return nonEmptyMembersOf(element, 'policyMappings').map((mapping) => {
    const fields = fieldsOf(mapping, 'policyMapping')
    const issuer = fields.take(TAG.objectIdentifier, 'issuerDomainPolicy')
    const subject = fields.take(TAG.objectIdentifier, 'subjectDomainPolicy')
    fields.end()
    return {
      issuer: objectIdentifier(issuer, 'issuerDomainPolicy'),
      subject: objectIdentifier(subject, 'subjectDomainPolicy'),
    }
  })
}

/** Each a number of certificates after which the constraint holds. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined
  readonly inhibitPolicyMapping: number | undefined
}

/** RFC 5280 §4.2.1.11. @throws EncodingError also where it is empty */
export function readPolicyConstraints(element: DerElement): PolicyConstraints {
  const fields = fieldsOf(element, 'policyConstraints')
  const require = fields.optional(contextPrimitive(0))
  const inhibit = fields.optional(contextPrimitive(1))
  fields.end()
  if (require === undefined && inhibit === undefined) {
    throw new EncodingError('policyConstraints is empty')
  }
  return {
    requireExplicitPolicy: require && smallInteger(require, 'requireExplicitPolicy'),
    inhibitPolicyMapping: inhibit && smallInteger(inhibit, 'inhibitPolicyMapping'),
  }
}

/** RFC 5280 §4.2.1.14. @throws EncodingError */
export function readInhibitAnyPolicy(element: DerElement): number {
  if (element.tag !== TAG.integer) throw new EncodingError('inhibitAnyPolicy is no INTEGER')
  return smallInteger(element, 'inhibitAnyPolicy')
}
