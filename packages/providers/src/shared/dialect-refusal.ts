import { type Fault, SECOND } from '@latchkey/core'

/** What is wrong, in one text: the fault's own, every finding that refuses, every field, and the upstream's words. */
export function detailsOf({ message, findings, errors, upstream }: Fault): string {
  const told = findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => `${finding.code}: ${finding.message}`)
  const fields = errors.map(({ pointer, message: wrong }) => `${pointer}: ${wrong}`)
  const words = upstream?.message === undefined ? [] : [upstream.message]
  return [message, ...told, ...fields, ...words].join('; ')
}

/** When to come again, in whole seconds (RFC 9110 §10.2.3); nothing where nobody knows. */
export function retryAfterOf({ retryAfterMs }: Fault): Readonly<Record<string, string>> {
  if (retryAfterMs === undefined) return {}
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / SECOND))) }
}
