import {
  type Bytes,
  contentOf,
  type DerElement,
  EncodingError,
  membersOf,
  readOnly,
  TAG,
} from '@latchkey/crypto'
import { Name as NameSchema } from '@peculiar/asn1-x509'
import { MAX_CERTIFICATE_BYTES } from './limits.ts'
import { type Name, nameOf } from './name.ts'
import { readBySchema } from './schemas/read.ts'

/** Parts of a certificate as they stand, for what is signed, compared and hashed as bytes. */
export interface Outline {
  readonly tbs: DerElement
  readonly signature: DerElement
  readonly issuer: DerElement
  readonly subject: DerElement
  readonly spki: DerElement
  readonly signatureAlgorithm: DerElement
}

/** @throws EncodingError where they are not where a certificate has them */
export function outlineOf(der: Bytes): Outline {
  const outer = membersOf(readOnly(der, MAX_CERTIFICATE_BYTES), 'Certificate')
  const fields = membersOf(outer[0], 'TBSCertificate')
  // v1 is the default, so DER leaves it out.
  const [, signature, issuer, , subject, spki] =
    fields[0]?.tag === TAG.explicit0 ? fields.slice(1) : fields
  return {
    tbs: sequence(outer[0], 'TBSCertificate'),
    signature: sequence(signature, 'signature'),
    issuer: sequence(issuer, 'issuer'),
    subject: sequence(subject, 'subject'),
    spki: sequence(spki, 'subjectPublicKeyInfo'),
    signatureAlgorithm: sequence(outer[1], 'signatureAlgorithm'),
  }
}

function sequence(element: DerElement | undefined, what: string): DerElement {
  contentOf(element, TAG.sequence, what)
  if (element === undefined) throw new EncodingError(`${what} is missing`)
  return element
}

/** A name alone, which costs a fraction of the whole certificate. @throws EncodingError */
export function readName(raw: Bytes, what: string): Name {
  return nameOf(readBySchema(raw, NameSchema, what), what, raw)
}
