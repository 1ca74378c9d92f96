import type { SampleRequest } from './curl.ts'
import { boundaryOf, jsonFields, multipartFields, type Pairs, splitTarget } from './fields.ts'

/**
 * Reads a request as a page prints it: indented, its headers perhaps on the request line or behind a blank line, its
 * body perhaps with no blank line before it. What follows is prose.
 */
export function parseHttp(lines: readonly string[]): SampleRequest {
  const { method, target, headers, rest } = splitHttp(lines)
  const type = new Map(headers).get('content-type')
  return { method, ...splitTarget(target), headers, ...bodyOf(rest, type) }
}

/** The head of a request as a page prints it, and the lines from its body on. */
export function splitHttp(lines: readonly string[]): {
  readonly method: string
  readonly target: string
  readonly headers: Pairs
  readonly rest: readonly string[]
} {
  const indent = /^\s*/.exec(lines[0] ?? '')?.[0].length ?? 0
  const [first = '', ...rest] = lines.map((line) => line.slice(indent))
  const [method = '', target = ''] = first.split(' ')
  const headers: (readonly [string, string])[] = [...inlineHeaders(first)]
  let at = 0
  while (at < rest.length) {
    const next = rest.findIndex((line, index) => index >= at && line !== '')
    const header = /^([A-Z][A-Za-z-]+): (.+)$/.exec(rest[next] ?? '')
    if (header === null) break
    const [, name = '', value = ''] = header
    headers.push([name.toLowerCase(), value])
    at = next + 1
  }
  return { method, target, headers, rest: rest.slice(at) }
}

/** Where line breaks got lost, each value is one word. */
function inlineHeaders(line: string): Pairs {
  const found = line.matchAll(/ ([A-Z][A-Za-z-]+): (\S+)/g)
  return [...found].map(([, name = '', value = '']) => [name.toLowerCase(), value])
}

function bodyOf(
  lines: readonly string[],
  type: string | undefined,
): Pick<SampleRequest, 'encoding' | 'fields'> {
  if (type === 'text/plain') return { encoding: 'text', fields: [['', lines[0] ?? '']] }
  if (type?.startsWith('multipart/form-data') === true) {
    const boundary = boundaryOf(type)
    const body = multipartAt(lines, boundary).join('\n')
    return { encoding: 'multipart', fields: multipartFields(body, boundary, '\n') }
  }
  const json = jsonAt(lines)
  return json === null
    ? { encoding: null, fields: [] }
    : { encoding: 'json', fields: jsonFields(json) }
}

/** The lines of a form (RFC 7578) from its first boundary to its last. */
export function multipartAt(lines: readonly string[], boundary: string): readonly string[] {
  return lines.slice(lines.indexOf(`--${boundary}`), lines.indexOf(`--${boundary}--`) + 1)
}

/** The object that begins here, with the blanks of the page; null where something else does. */
export function jsonAt(lines: readonly string[]): string | null {
  if (lines[0]?.startsWith('{') !== true) return null
  const end = lines.findIndex((line) => line.startsWith('}'))
  return lines
    .slice(0, end + 1)
    .join('\n')
    .replace(/\}[^}]*$/, '}')
}
