import {
  AuthorityKeyIdentifier as AuthorityKeyIdentifierSchema,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { type Bytes, EncodingError, twosComplement } from '@latchkey/crypto'
import { bytesOf } from '../bytes.ts'
import { readBySchema } from '../schemas/read.ts'

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Bytes | undefined
  /** Whether it names the authority's certificate, by issuer or serial number. */
  readonly namesCertificate: boolean
}

/** RFC 5280 §4.2.1.1. @throws EncodingError */
export function readAuthorityKeyIdentifier(value: Bytes): AuthorityKeyIdentifier {
  const read = readBySchema(value, AuthorityKeyIdentifierSchema, 'authorityKeyIdentifier')
  const { keyIdentifier, authorityCertIssuer: issuer, authorityCertSerialNumber: serial } = read
  if (issuer?.length === 0) throw new EncodingError('authorityCertIssuer is empty')
  if (serial !== undefined) twosComplement(bytesOf(serial), 'authorityCertSerialNumber')
  return {
    keyIdentifier: keyIdentifier && bytesOf(keyIdentifier.buffer),
    namesCertificate: issuer !== undefined || serial !== undefined,
  }
}

/** RFC 5280 §4.2.1.2. @throws EncodingError */
export function readSubjectKeyIdentifier(value: Bytes): Bytes {
  const identifier = bytesOf(
    readBySchema(value, SubjectKeyIdentifier, 'subjectKeyIdentifier').buffer,
  )
  if (identifier.length === 0) throw new EncodingError('subjectKeyIdentifier is empty')
  return identifier
}
