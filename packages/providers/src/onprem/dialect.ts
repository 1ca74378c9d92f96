import {
  DAY,
  type Dialect,
  type DialectCall,
  type DialectCertificate,
  type DialectRequest,
  type DialectResponse,
  type DialectSecret,
  Fault,
} from '@latchkey/core'
import { fromBase64 } from '@latchkey/crypto'
import { formOf, jsonObjectOf, mediaTypeOf, textOf } from '../shared/dialect-body.ts'
import { FORM_TYPE } from '../shared/form.ts'
import { jsonResponse, META, missing, pemResponse, refuse } from './dialect-answers.ts'
import { writeExpiry } from './expiry.ts'

const BEARER = /^Bearer +([\w\-.~+/]+=*) *$/i
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i
const LOGIN = 'v1/users/login'

/**
 * The On-Premises API as its callers know it: a login with a Latchkey token as the password of any user, business
 * public keys, and certificates.
 */
export const onpremDialect: Dialect = {
  // A real client's login lasts 7 days; its callers read `expires_after`, or log in again after a 401.
  sessions: { accessMs: DAY, renewalMs: DAY, limit: null },
  secretOf,
  readsWithoutSecret: isLogin,
  read,
  refuse,
}

function isLogin({ path }: DialectRequest): boolean {
  return path.join('/') === LOGIN
}

function secretOf(request: DialectRequest): DialectSecret | null {
  if (isLogin(request)) {
    // Who brings nothing to log in with is told so before a body is read.
    passwordOf(request)
    return null
  }
  const token = BEARER.exec(request.headers.get('authorization') ?? '')?.[1]
  return token === undefined ? null : { token, isInQuery: false }
}

type Handlers = Readonly<Record<string, (request: DialectRequest) => DialectCall>>

const RESOURCES: Readonly<Record<string, Handlers>> = {
  [LOGIN]: { POST: logIn },
  'v1/users/logout': { POST: () => ({ session: 'close', answer: () => done() }) },
  'v1/settings/business/whatsapp_business_encryption': { GET: readKey, POST: publishKey },
  'v1/certificates/external': { POST: (request) => upload(request, 'server', 'null') },
  'v1/certificates/external/ca': { GET: readServerCa },
  'v1/certificates/webhooks/ca': {
    GET: readWebhookCa,
    POST: (request) => upload(request, 'webhook-ca', '{}'),
    DELETE: removeWebhookCa,
  },
}

function read(request: DialectRequest): DialectCall {
  const path = request.path.join('/')
  const resource = Object.hasOwn(RESOURCES, path) ? RESOURCES[path] : undefined
  if (resource === undefined) throw new Fault('not_found', 'Cannot find anything at this path')
  const handler = Object.hasOwn(resource, request.method) ? resource[request.method] : undefined
  if (handler === undefined) {
    throw new Fault('method_not_allowed', `Cannot ${request.method} here`)
  }
  return handler(request)
}

/** Of Basic credentials (RFC 7617), where the user's name is not asked for. @throws Fault unauthenticated */
function passwordOf({ headers }: DialectRequest): string {
  const encoded = BASIC.exec(headers.get('authorization') ?? '')?.[1]
  const [, password] = /^[^:]*:(.+)$/s.exec(encoded === undefined ? '' : decodeBasic(encoded)) ?? []
  if (password !== undefined) return password
  throw new Fault('unauthenticated', 'Cannot log in: send Basic credentials, the token as password')
}

function logIn(request: DialectRequest): DialectCall {
  const token = passwordOf(request)
  if (request.body.length > 0 && 'new_password' in jsonObjectOf(request)) {
    throw new Fault('invalid_request', 'Cannot change password: make another token instead')
  }
  return {
    session: 'open',
    token,
    answer: ({ access, accessUntil }) =>
      jsonResponse(200, {
        users: [{ token: access, expires_after: writeExpiry(accessUntil) }],
        meta: META,
      }),
  }
}

function decodeBasic(encoded: string): string {
  const bytes = fromBase64(encoded)
  return bytes === null ? '' : new TextDecoder().decode(bytes)
}

function publishKey(request: DialectRequest): DialectCall {
  return {
    operation: 'encryptionKey.publish',
    input: { upstreamId: null, publicKey: publicKeyOf(request) },
    answer: () => done(),
  }
}

/** As a form, or as the JSON that the page prints. */
function publicKeyOf(request: DialectRequest): string {
  if (request.body.length === 0) throw missing('Cannot publish key: the body is empty')
  const isForm = mediaTypeOf(request) === FORM_TYPE
  const value = isForm ? formOf(request).get('public_key') : jsonObjectOf(request)['public_key']
  if (typeof value === 'string' && value.trim() !== '') return value
  throw missing('Cannot publish key: the parameter public_key is missing')
}

function readKey(): DialectCall {
  return {
    operation: 'encryptionKey.read',
    input: { upstreamId: null },
    answer({ publicKey, status }) {
      if (publicKey === null) throw new Fault('not_found', 'No business public key is set')
      // The page knows these two alone; what nobody can say is left out.
      const told = status === 'valid' || status === 'mismatch' ? status.toUpperCase() : undefined
      return jsonResponse(200, {
        business_public_key: publicKey,
        ...(told === undefined ? {} : { business_public_key_signature_status: told }),
      })
    },
  }
}

function upload(
  request: DialectRequest,
  purpose: 'server' | 'webhook-ca',
  success: string,
): DialectCall {
  if (mediaTypeOf(request) !== 'text/plain') {
    throw new Fault('unsupported_media_type', 'Cannot read certificate: send it as text/plain')
  }
  const pem = textOf(request)
  if (pem.trim() === '') {
    throw missing('Cannot upload certificate: the body is empty')
  }
  return {
    operation: 'certificate.upload',
    input: { purpose, pem, staged: null, autoRenewal: null },
    answer: () => ({ ...jsonResponse(200, null), body: success }),
  }
}

function readServerCa(): DialectCall {
  return {
    operation: 'certificate.list',
    input: { purposes: ['server-ca'] },
    answer({ certificates }) {
      const pem = pemOf(certificates)
      // The page says so: no body at all.
      if (pem === '') return { status: 404, headers: {}, body: null }
      return pemResponse(pem, { 'content-disposition': 'attachment; filename="ca.pem"' })
    },
  }
}

function readWebhookCa(): DialectCall {
  return {
    operation: 'certificate.list',
    input: { purposes: ['webhook-ca', 'trusted-ca'] },
    answer({ certificates }) {
      const pem = pemOf(certificates)
      if (pem === '') throw new Fault('not_found', 'No webhook CA certificates found')
      return pemResponse(pem)
    },
  }
}

function removeWebhookCa(): DialectCall {
  return {
    operation: 'certificate.remove',
    input: { purpose: 'webhook-ca' },
    answer: () => jsonResponse(200, {}),
  }
}

function pemOf(certificates: readonly DialectCertificate[]): string {
  return certificates.map(({ pem }) => pem ?? '').join('')
}

function done(): DialectResponse {
  return jsonResponse(200, { meta: META })
}
