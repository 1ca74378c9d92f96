import type { Name, NameAttribute } from '../read/name.ts'
import { toHex } from '@latchkey/crypto'

/** RFC 4514 §3, RFC 5280 §A.1, RFC 2985 §5.2.1, CABF EVG §7.1.4.2. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
])

/** A name as people write it: `CN=example.com, O=Example, C=IN`, its most particular part first (RFC 4514). */
export function nameText({ parts }: Name): string {
  return parts
    .toReversed()
    .map((part) => part.map(attributeText).join('+'))
    .join(', ')
}

function attributeText(attribute: NameAttribute): string {
  const { type, text } = attribute
  const value = text === null ? `#${toHex(attribute.raw)}` : escapeValue(text)
  return `${SHORT_NAMES.get(type) ?? type}=${value}`
}

/** RFC 4514 §2.4, and control characters, which could pretend to be another line of a log. */
function escapeValue(text: string): string {
  return text
    .replaceAll(/["+,;<>\\]|^[ #]| $/g, String.raw`\$&`)
    .replaceAll(/\p{C}/gu, (character) =>
      Array.from(
        new TextEncoder().encode(character),
        (octet) => `\\${toHex(Uint8Array.of(octet))}`,
      ).join(''),
    )
}
