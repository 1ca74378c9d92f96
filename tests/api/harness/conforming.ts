import type { ApiHarness, OpenApi } from './harness.ts'
import { complaintsBy, findOperation, type OpenApiDocument, openApiSchema } from './openapi.ts'

const PROBLEM = 'application/problem+json'
const NO_BODY = new Set([204, 304])

/** The document is the same for every harness of a run. */
let known: Promise<OpenApiDocument> | null = null

/** The same harness, with every answer of every suite held against the OpenAPI document. */
export function conforming(open: OpenApi): OpenApi {
  return async (options) => {
    const api = await open(options)
    return {
      ...api,
      async request(path, init) {
        const answer = await api.request(path, init)
        const document = await (known ??= readDocument(api))
        const method = init?.method ?? 'GET'
        const pathname = new URL(path, 'http://latchkey.test').pathname
        const complaint = await complaintAbout(document, { method, pathname, answer })
        if (complaint === null) return answer
        throw new Error(`${method} ${pathname} answered ${answer.status}: ${complaint}`)
      },
    }
  }
}

/** The document that a harness serves. */
export async function readDocument(api: ApiHarness): Promise<OpenApiDocument> {
  const answer = await api.request('/openapi.json')
  return openApiSchema.parse(await answer.json())
}

interface Exchanged {
  readonly method: string
  readonly pathname: string
  readonly answer: Response
}

async function complaintAbout(
  document: OpenApiDocument,
  { method, pathname, answer }: Exchanged,
): Promise<string | null> {
  for (const header of ['x-request-id', 'server-timing', 'x-content-type-options']) {
    if (!answer.headers.has(header)) return `no ${header}`
  }
  const operation = findOperation(document, method, pathname)
  const { status } = answer
  const documented = operation?.responses[status] ?? operation?.responses['default']
  if (documented === undefined) {
    // No route: the problem that says so has the schema that every route's problems have.
    return status === 404 || status === 405 ? problemComplaint(document, method, answer) : null
  }
  if (status < 400 && operation?.responses[status] === undefined)
    return 'the status is undocumented'
  if (NO_BODY.has(status)) return (await answer.clone().text()) === '' ? null : 'it has a body'
  const type = answer.headers.get('content-type')?.split(';')[0] ?? ''
  const schema = documented.content?.[type]?.schema
  if (schema === undefined) return `the type "${type}" is undocumented`
  return method === 'HEAD' ? null : bodyComplaint(document, schema, answer)
}

function problemComplaint(
  document: OpenApiDocument,
  method: string,
  answer: Response,
): Promise<string | null> {
  if (answer.headers.get('content-type') !== PROBLEM) return Promise.resolve('it is no problem')
  if (method === 'HEAD') return Promise.resolve(null)
  return bodyComplaint(document, { $ref: '#/components/schemas/Problem' }, answer)
}

async function bodyComplaint(
  document: OpenApiDocument,
  schema: Readonly<Record<string, unknown>>,
  answer: Response,
): Promise<string | null> {
  const text = await answer.clone().text()
  const json = answer.headers.get('content-type')?.includes('json') ?? false
  const against = complaintsBy(document, schema, json ? JSON.parse(text) : text)
  return against.length === 0 ? null : `${against.join('; ')} in ${text}`
}
