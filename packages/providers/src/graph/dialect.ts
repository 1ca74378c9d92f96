import {
  type Dialect,
  type DialectCall,
  type DialectRequest,
  type DialectSecret,
  type DialectShapes,
  Fault,
} from '@latchkey/core'
import { KEY_FIELD, STATUS_FIELD, toldKey } from '../shared/dialect-key.ts'
import { ENCRYPTION_EDGE } from './client.ts'
import { jsonResponse, refusal } from './dialect-answers.ts'
import { bodyParameters, hasParameters, valueOf } from './dialect-parameters.ts'

const VERSION = /^v\d{1,3}\.\d{1,3}$/
/** Graph has always taken its own scheme beside RFC 6750's. */
const AUTHORIZATION = /^(?:Bearer|OAuth) +(\S+) *$/i
const FIELDS: readonly string[] = [KEY_FIELD, STATUS_FIELD]

/** The Graph API as its callers know it: the business public key of a number, read and set. */
export const graphDialect: Dialect = {
  secretOf,
  readsWithoutSecret: hasParameters,
  read,
  refuse: (fault, request) => refusal(fault, request, keyPath(request) !== null),
}

/** From the header, or the parameter `access_token`, which a body may bring as well as the query. */
async function secretOf(request: DialectRequest): Promise<DialectSecret | null> {
  const [, inHeader] = AUTHORIZATION.exec(request.headers.get('authorization') ?? '') ?? []
  if (inHeader !== undefined) return { token: inHeader, isInQuery: false }
  const inQuery = valueOf(request.query, 'access_token')
  if (inQuery !== null) return { token: inQuery, isInQuery: true }
  const inBody = valueOf(await bodyParameters(request), 'access_token')
  return inBody === null ? null : { token: inBody, isInQuery: false }
}

async function read(request: DialectRequest): Promise<DialectCall> {
  const upstreamId = keyPath(request)
  if (upstreamId === null) throw new Fault('not_found', 'Cannot find anything at this path')
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readKey(upstreamId, fieldsOf(request))
    case 'POST':
      return publishKey(upstreamId, await publicKeyOf(request))
    default:
      throw new Fault('method_not_allowed', `Cannot ${request.method} here`)
  }
}

/** The id of the number whose key a path is about; null where it is about something else. */
function keyPath({ path }: DialectRequest): string | null {
  const [version = '', id = '', edge, ...more] = path
  return VERSION.test(version) && id !== '' && edge === ENCRYPTION_EDGE && more.length === 0
    ? id
    : null
}

function publishKey(upstreamId: string, publicKey: string): DialectCall {
  return {
    operation: 'encryptionKey.publish',
    input: { upstreamId, publicKey },
    answer: () => jsonResponse(200, { success: true }),
  }
}

async function publicKeyOf(request: DialectRequest): Promise<string> {
  const given = valueOf([...(await bodyParameters(request)), ...request.query], KEY_FIELD)
  if (given !== null) return given
  throw new Fault(
    'invalid_request',
    `Cannot publish key: the parameter ${KEY_FIELD} is required, in a form, multipart or JSON body`,
  )
}

function readKey(upstreamId: string, fields: readonly string[]): DialectCall {
  return {
    operation: 'encryptionKey.read',
    input: { upstreamId },
    answer(output) {
      const shown = Object.entries(told(output)).filter(([name]) => fields.includes(name))
      return jsonResponse(200, { data: [Object.fromEntries(shown)] })
    },
  }
}

/** A number without a key is said to answer a mismatch; its key is left out, as a blank one would look like a key. */
function told(
  output: DialectShapes['encryptionKey.read']['output'],
): Readonly<Record<string, string>> {
  return toldKey(output.status === 'unset' ? { publicKey: null, status: 'mismatch' } : output)
}

/** What `fields` asks for, a comma list; everything where it is missing. @throws Fault invalid_request */
function fieldsOf({ query }: DialectRequest): readonly string[] {
  const given = valueOf(query, 'fields')
  if (given === null) return FIELDS
  const names = given.split(',').map((name) => name.trim())
  if (names.every((name) => FIELDS.includes(name))) return names
  throw new Fault('invalid_request', `Cannot read field: there are ${FIELDS.join(' and ')} alone`)
}
