import type { SampleRequest } from './curl.ts'
import { boundaryOf, jsonFields, multipartFields, type Pairs, splitTarget } from './fields.ts'

/**
 * Reads a request as a page prints it: indented, its headers perhaps on the request line or behind a blank line, its
 * body perhaps with no blank line before it. What follows is prose.
 */
export function parseHttp(lines: readonly string[]): SampleRequest {
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
  const type = new Map(headers).get('content-type')
  return { method, ...splitTarget(target), headers, ...bodyOf(rest.slice(at), type) }
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
    const begin = lines.indexOf(`--${boundary}`)
    const end = lines.indexOf(`--${boundary}--`)
    const body = lines.slice(begin, end + 1).join('\n')
    return { encoding: 'multipart', fields: multipartFields(body, boundary, '\n') }
  }
  const json = jsonAt(lines)
  return json === null
    ? { encoding: null, fields: [] }
    : { encoding: 'json', fields: jsonFields(json) }
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
