import type { Extension as ExtensionSchema } from '@peculiar/asn1-x509'
import {
  booleanOf,
  type Bytes,
  contentOf,
  type DerElement,
  EncodingError,
  membersOf,
  objectIdentifier,
  TAG,
} from '@latchkey/crypto'
import { bytesOf } from '../bytes.ts'

/** An Extension as it stands (RFC 5280 §4.1): `value` is the content of its OCTET STRING. */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Bytes
}

/** @throws EncodingError where the list is there, and empty */
export function extensionsOf(read: readonly ExtensionSchema[] | undefined): readonly Extension[] {
  if (read?.length === 0) throw new EncodingError('Extensions is empty')
  return Array.from(read ?? [], ({ extnID, critical, extnValue }) => ({
    oid: extnID,
    critical,
    value: bytesOf(extnValue.buffer),
  }))
}

/** One without the schema, for where there are very many. @throws EncodingError */
export function readExtension(element: DerElement): Extension {
  const [type, ...rest] = membersOf(element, 'Extension')
  const critical = rest[0]?.tag === TAG.boolean ? rest.shift() : undefined
  const [value, ...more] = rest
  if (more.length > 0) throw new EncodingError('Extension has members that are unknown')
  // FALSE is the default, so DER leaves it out (X.690 §11.5).
  if (critical !== undefined && !booleanOf(critical.content, 'critical')) {
    throw new EncodingError('critical is FALSE, the default, in full')
  }
  return {
    oid: objectIdentifier(type, 'extnID'),
    critical: critical !== undefined,
    value: contentOf(value, TAG.octetString, 'extnValue'),
  }
}
