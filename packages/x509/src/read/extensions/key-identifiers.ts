import type { Bytes } from '@latchkey/crypto'
import { contextConstructed, contextPrimitive, type DerElement, TAG } from '../der.ts'
import { EncodingError } from '../encoding-error.ts'
import { fieldsOf } from '../fields.ts'
import { type GeneralName, readGeneralNames } from '../general-name.ts'
import { integerOctets } from '../values.ts'

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Bytes | undefined
  readonly issuer: readonly GeneralName[] | undefined
  readonly serial: Bytes | undefined
}

/** RFC 5280 §4.2.1.1. @throws EncodingError */
export function readAuthorityKeyIdentifier(element: DerElement): AuthorityKeyIdentifier {
  const fields = fieldsOf(element, 'authorityKeyIdentifier')
  const keyIdentifier = fields.optional(contextPrimitive(0))
  const issuer = fields.optional(contextConstructed(1))
  const serial = fields.optional(contextPrimitive(2))
  fields.end()
  return {
    keyIdentifier: keyIdentifier?.content,
    issuer:
      issuer === undefined
        ? undefined
        : readGeneralNames(issuer, 'authorityCertIssuer', issuer.tag),
    serial: serial === undefined ? undefined : integerOctets(serial, 'authorityCertSerialNumber'),
  }
}

/** RFC 5280 §4.2.1.2. @throws EncodingError */
export function readSubjectKeyIdentifier({ tag, content }: DerElement): Bytes {
  if (tag !== TAG.octetString) throw new EncodingError('subjectKeyIdentifier is of the wrong type')
  if (content.length === 0) throw new EncodingError('subjectKeyIdentifier is empty')
  return content
}
