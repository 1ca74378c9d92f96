import { type DialectRequest, Fault } from '@latchkey/core'
import { formOf, jsonObjectOf, mediaTypeOf } from '../shared/dialect-body.ts'
import { FORM_TYPE } from '../shared/form.ts'

export type Parameters = readonly (readonly [name: string, value: unknown])[]

const MULTIPART_TYPE = 'multipart/form-data'
const JSON_TYPE = 'application/json'
const TYPES: readonly string[] = [FORM_TYPE, MULTIPART_TYPE, JSON_TYPE]

/** Whether a body brings parameters along, by what its content type says. */
export function hasParameters(head: DialectRequest): boolean {
  return TYPES.includes(mediaTypeOf(head))
}

/**
 * What a request's body brings along, in any encoding that Graph takes; nothing where it is in none of them.
 * @throws Fault invalid_request where it is not what its content type says
 */
export async function bodyParameters(request: DialectRequest): Promise<Parameters> {
  if (request.body.length === 0) return []
  switch (mediaTypeOf(request)) {
    case FORM_TYPE:
      return [...formOf(request)]
    case MULTIPART_TYPE:
      return multipartOf(request)
    case JSON_TYPE:
      return Object.entries(jsonObjectOf(request))
    default:
      return []
  }
}

/**
 * The one value of a parameter; null where it is missing or blank.
 * @throws Fault invalid_request where it is there with two values, or is no text
 */
export function valueOf(parameters: Parameters, name: string): string | null {
  const values = new Set(
    parameters.filter(([given]) => given === name).map(([, value]) => value ?? ''),
  )
  if (values.size > 1) throw wrong(name, 'it is there with more than one value')
  const [value = ''] = values
  if (typeof value !== 'string') throw wrong(name, 'it must be text')
  return value.trim() === '' ? null : value
}

/** A parameter that may be sent as a file counts as its text: `curl -F name=@file` and `-F 'name=<file'` are one. */
async function multipartOf({ headers, body }: DialectRequest): Promise<Parameters> {
  try {
    const type = headers.get('content-type') ?? ''
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    return await Promise.all(
      [...form].map(
        async ([name, value]) =>
          [name, typeof value === 'string' ? value : await value.text()] as const,
      ),
    )
  } catch {
    throw new Fault('invalid_request', 'Cannot parse body: it is no multipart form')
  }
}

function wrong(name: string, why: string): Fault {
  return new Fault('invalid_request', `Cannot take parameter ${name}: ${why}`)
}
