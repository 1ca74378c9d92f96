import { Fault } from '@latchkey/core'

/** What `encodeURIComponent()` escapes though RFC 3986 §3.3 lets it stand in a segment; a phone number's `+` does. */
const PCHARS: ReadonlyMap<string, string> = new Map(
  ['$', '&', '+', ',', ';', '=', ':', '@'].map((char) => [encodeURIComponent(char), char]),
)
const ESCAPED_PCHAR = /%(?:24|26|2B|2C|3B|3D|3A|40)/g
/** What nearly every segment is: nothing in it is escaped, and no dot stands where it could mean a place. */
const PLAIN = /^[\w-]+(?:\.[\w-]+)*$/
/** Deep enough for any escape of an escape that an upstream's own proxies would undo. */
const DECODE_ROUNDS = 3

/**
 * Encodes one path segment: everything but RFC 3986 pchars is escaped, so that it stays one segment.
 * @throws Fault invalid_request where a server could take it for something else than a name
 */
export function encodeSegment(segment: string): string {
  if (PLAIN.test(segment)) return segment
  if (segment === '') throw refused('it is empty')
  if (!segment.isWellFormed()) throw refused('it is not well-formed Unicode')
  let text = segment
  for (let round = 0; round <= DECODE_ROUNDS; round += 1) {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001F\u007F-\u009F]/.test(text)) throw refused('it has a control character')
    // A server that undoes the escape of a slash before it resolves dots would leave the base path.
    if (text.split(/[/\\]/).some(isDots)) throw refused('it has a dot segment')
    const decoded = decodeOnce(text)
    if (decoded === text) break
    text = decoded
  }
  return encodeURIComponent(segment).replaceAll(
    ESCAPED_PCHAR,
    (escaped) => PCHARS.get(escaped) ?? escaped,
  )
}

/** Also with the parameters that Java servers cut off (`..;x`). */
function isDots(part: string): boolean {
  return /^\.{1,2}(?:;.*)?$/.test(part)
}

function decodeOnce(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

function refused(why: string): Fault {
  return new Fault('invalid_request', `Cannot build upstream path: a segment is refused, ${why}`)
}
