import type { SampleRequest } from './curl.ts'
import { boundaryOf, jsonFields, multipartFields, type Pairs, splitTarget } from './fields.ts'
import type { WireRequest } from './wire.ts'

/** What every HTTP client adds by itself, curl among them. */
const CLIENTS_OWN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'user-agent',
])

/** What came over a socket, in the terms of a sample. */
export function onTheWire({ method, target, headers, body }: WireRequest): SampleRequest {
  const type = new Map(headers).get('content-type')
  return { method, ...splitTarget(target), headers, ...bodyOf(body, type) }
}

function bodyOf(
  body: string,
  type: string | undefined,
): Pick<SampleRequest, 'encoding' | 'fields'> {
  if (body === '') return { encoding: null, fields: [] }
  if (type === 'application/json') return { encoding: 'json', fields: jsonFields(body) }
  if (type === 'text/plain') return { encoding: 'text', fields: [['', body]] }
  if (type?.startsWith('multipart/form-data') === true) {
    const fields = multipartFields(body, boundaryOf(type), '\r\n')
    return { encoding: 'multipart', fields }
  }
  return { encoding: 'form', fields: [...new URLSearchParams(body)] }
}

/** What of a request stands for something else in a sample. */
export interface Aside {
  /** Path segments that are ids, counted from 0. */
  readonly ids?: readonly number[]
  /** Headers that the sample leaves out and the page asks for elsewhere. */
  readonly untold?: readonly string[]
}

/** Ids, secrets, the boundary of a form and what clients add aside. */
export function aside(request: SampleRequest, { ids = [], untold = [] }: Aside): SampleRequest {
  const segments = request.path.split('/').slice(1)
  const told = ([name]: Pairs[number]) => !CLIENTS_OWN.has(name) && !untold.includes(name)
  return {
    ...request,
    path: segments.map((segment, index) => (ids.includes(index) ? '*' : segment)).join('/'),
    query: request.query.map(([name, value]) => [name, name === 'access_token' ? '*' : value]),
    headers: request.headers
      .filter(told)
      .map(([name, value]) => [name, withoutSecret(name, value)]),
  }
}

function withoutSecret(name: string, value: string): string {
  if (name === 'authorization') return value.replace(/ .*/, ' *')
  // A template names what goes there; the only value is told in the table below it.
  if (name === 'api-key' || value.startsWith('<')) return '*'
  return name === 'content-type' ? value.replace(/boundary=.*/, 'boundary=*') : value
}
