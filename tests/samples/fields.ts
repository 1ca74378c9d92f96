/** What a body carries, by name and value, in its order. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** A text as it is, anything else as JSON without blanks: the order of what is nested counts too. */
export function jsonFields(text: string): Pairs {
  const fields: unknown = JSON.parse(text)
  return Object.entries(fields ?? {}).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

/**
 * The parts of a form (RFC 7578), each named by its headers. What a file is called and what type it has stands for
 * something else in a sample.
 * @throws Error where it is not the form that its boundary says
 */
export function multipartFields(body: string, boundary: string, lineEnd: string): Pairs {
  const [preamble, ...sections] = `${lineEnd}${body}`.split(`${lineEnd}--${boundary}`)
  const end = sections.pop()
  if (preamble !== '' || end?.trimEnd() !== '--') throw new Error('Cannot parse form')
  return sections.map((section) => {
    const at = section.indexOf(lineEnd + lineEnd)
    if (!section.startsWith(lineEnd) || at === -1) throw new Error('Cannot parse part of form')
    const headers = section.slice(lineEnd.length, at).split(lineEnd)
    return [headers.map(shapeOf).join(' '), section.slice(at + 2 * lineEnd.length)]
  })
}

function shapeOf(header: string): string {
  return header.replace(/filename="[^"]*"/, 'filename=*').replace(/^(Content-Type): .*/, '$1: *')
}

export function boundaryOf(contentType: string): string {
  return /boundary="?([^";]+)/.exec(contentType)?.[1] ?? ''
}

/** The path of a target, and its query decoded. */
export function splitTarget(target: string): { readonly path: string; readonly query: Pairs } {
  const at = target.indexOf('?')
  if (at === -1) return { path: target, query: [] }
  return { path: target.slice(0, at), query: [...new URLSearchParams(target.slice(at))] }
}
