import { Fault, type Json } from '@latchkey/core'

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/**
 * The one text of a JSON value, in the manner of RFC 8785: no white space, members sorted by the UTF-16
 * code units of their names, numbers and strings as ECMAScript writes them. A member that is undefined
 * counts as absent. Unlike RFC 8785, a lone surrogate is escaped rather than refused.
 *
 * @throws Fault internal for what JSON cannot say (a number that is not finite, a function)
 */
export function canonicalJson(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Fault('internal', `Cannot write canonical JSON: ${value} is not a JSON number`)
  }
  const text: unknown = JSON.stringify(value)
  if (typeof text === 'string') return text
  throw new Fault('internal', `Cannot write canonical JSON: a ${typeof value} is not JSON`)
}
