import { type DialectRequest, Fault, parseForm } from '@latchkey/core'

/** The media type of a request without its parameters, in lower case; empty where none was sent. */
export function mediaTypeOf({ headers }: DialectRequest): string {
  return (headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase()
}

/** @throws Fault invalid_request */
export function textOf({ body }: DialectRequest): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new Fault('invalid_request', 'Cannot read body: it is not UTF-8')
  }
}

/** A body that is a JSON object. @throws Fault invalid_request */
export function jsonObjectOf(request: DialectRequest): Readonly<Record<string, unknown>> {
  let parsed: unknown
  try {
    parsed = JSON.parse(textOf(request))
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('invalid_request', 'Cannot parse body: it is not valid JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Fault('invalid_request', 'Cannot parse body: it is no JSON object')
  }
  return Object.fromEntries(Object.entries(parsed))
}

/** The fields of a form; a name that is repeated keeps each. @throws Fault invalid_request */
export function formOf(request: DialectRequest): URLSearchParams {
  return parseForm(textOf(request))
}
