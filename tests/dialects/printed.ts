import { expect } from 'vitest'
import { curlWords } from '../samples/curl.ts'
import { boundaryOf } from '../samples/fields.ts'
import { jsonAt, multipartAt, splitHttp } from '../samples/http.ts'
import { linesFrom } from '../samples/seeds.ts'

/** What curl itself says or counts; a page has placeholders there, and another host. */
const CURLS_OWN = new Set(['host', 'content-length'])

/** What follows `curl` in a printed command, or would for a printed request. */
export function printedWords(place: string): readonly string[] {
  const lines = linesFrom(place)
  if (lines[0]?.startsWith('curl ') === true) return curlWords(lines.join('\n')).slice(1)
  const { method, target, headers, rest } = splitHttp(lines)
  const told = headers.filter(([name]) => !CURLS_OWN.has(name))
  const body = printedBody(rest, new Map(headers).get('content-type'))
  return [
    '-X',
    method,
    target,
    ...told.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(body === null ? [] : ['--data-binary', body]),
  ]
}

/** As it is printed; the line ends of a form are those of RFC 2046, which a page cannot show. */
function printedBody(rest: readonly string[], type: string | undefined): string | null {
  if (type?.startsWith('multipart/form-data') === true) {
    return `${multipartAt(rest, boundaryOf(type)).join('\r\n')}\r\n`
  }
  return type === 'text/plain' ? (rest[0] ?? null) : jsonAt(rest)
}

/**
 * The JSON that is printed at a place, as what an answer is to equal: `<…>` stands for any text, and what is set like
 * `A | B` for one of these words.
 */
export function printedAnswer(place: string): unknown {
  const lines = linesFrom(place)
  const text = lines[0]?.trimStart().startsWith('{') === true ? objectAt(lines) : lines[0]
  return JSON.parse(repaired(text ?? ''), (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith('<') ? standsFor(value.slice(1, -1)) : value,
  )
}

/** A page that lost its indents shows the end of an object by its braces alone. */
function objectAt(lines: readonly string[]): string {
  let depth = 0
  const end = lines.findIndex((line) => {
    depth += line.split('{').length - line.split('}').length
    return depth === 0
  })
  return lines.slice(0, end + 1).join('\n')
}

/** Words without quotes, and a comma that is missing between two members. */
function repaired(text: string): string {
  return text
    .replaceAll(/: ([A-Z]+(?: \| [A-Z]+)+)/g, ': "<$1>"')
    .replaceAll(/(": "[^"]*")\s+(?=")/g, '$1, ')
}

function standsFor(name: string): unknown {
  if (!name.includes(' | ')) return expect.any(String)
  return expect.stringMatching(new RegExp(`^(?:${name.replaceAll(' | ', '|')})$`))
}
