import {
  DAY,
  type Dialect,
  type DialectCall,
  type DialectRequest,
  type DialectSecret,
  Fault,
  MINUTE,
} from '@latchkey/core'
import { answered, refuse } from './dialect-answers.ts'
import {
  create,
  list,
  readOne,
  readSeveral,
  remove,
  update,
  updateWebServer,
  upload,
} from './dialect-certificates.ts'
import { bodyOf, textOf } from './dialect-parameters.ts'

/** As many as a PBX allows an API client, and as long (page "Get access token"). */
const SESSIONS = { accessMs: 30 * MINUTE, renewalMs: DAY, limit: 8 }
const API_PATH = 'openapi/v1.0/'

/**
 * The PBX's OpenAPI as its callers know it: tokens for a Latchkey token in the place of the client secret, and
 * certificates. It answers 200 to everything.
 */
export const pbxDialect: Dialect = {
  sessions: SESSIONS,
  secretOf,
  readsWithoutSecret: (head) => UNSIGNED.has(nameOf(head) ?? ''),
  read,
  refuse,
}

/** In the query alone: an Authorization header means nothing to a PBX. */
function secretOf({ query }: DialectRequest): DialectSecret | null {
  const token = query.find(([name]) => name === 'access_token')?.[1]
  return token === undefined || token === '' ? null : { token, isInQuery: true }
}

type Handler = (request: DialectRequest) => DialectCall | Promise<DialectCall>

const ENDPOINTS: Readonly<Record<string, Handler>> = {
  'POST get_token': logIn,
  'POST refresh_token': renew,
  'GET del_token': () => ({ session: 'close', answer: () => answered() }),
  'GET certificate/list': list,
  'GET certificate/get': readOne,
  'GET certificate/query': readSeveral,
  'POST certificate/upload': upload,
  'POST certificate/create': create,
  'POST certificate/update': update,
  'GET certificate/delete': remove,
  'POST webserver/update': updateWebServer,
}

/** What brings the secret in its body. */
const UNSIGNED: ReadonlySet<string> = new Set(['POST get_token', 'POST refresh_token'])

function nameOf({ method, path }: DialectRequest): string | null {
  const below = path.join('/')
  return below.startsWith(API_PATH) ? `${method} ${below.slice(API_PATH.length)}` : null
}

/** A wrong method is to a PBX what a wrong path is; HEAD is one, as some of the GETs delete. */
function read(request: DialectRequest): DialectCall | Promise<DialectCall> {
  const name = nameOf(request)
  const handler = name !== null && Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined
  if (handler === undefined) {
    throw new Fault('method_not_allowed', 'Cannot find an interface of this name and method')
  }
  return handler(request)
}

function logIn(request: DialectRequest): DialectCall {
  const body = bodyOf(request)
  textOf(body, 'username')
  return {
    session: 'open',
    token: textOf(body, 'password'),
    answer: (issued) => answered(pairOf(request, issued)),
  }
}

function renew(request: DialectRequest): DialectCall {
  return {
    session: 'renew',
    renewal: textOf(bodyOf(request), 'refresh_token'),
    answer: (issued) => answered(pairOf(request, issued)),
  }
}

function pairOf(
  { at }: DialectRequest,
  issued: {
    readonly access: string
    readonly accessUntil: number
    readonly renewal: string
    readonly renewalUntil: number
  },
) {
  const seconds = (until: number) => Math.max(0, Math.floor((until - at) / 1000))
  return {
    access_token_expire_time: seconds(issued.accessUntil),
    access_token: issued.access,
    refresh_token_expire_time: seconds(issued.renewalUntil),
    refresh_token: issued.renewal,
  }
}
