import {
  type Dialect,
  type DialectCall,
  type DialectRequest,
  type DialectSecret,
  Fault,
} from '@latchkey/core'
import { formOf, mediaTypeOf } from '../shared/dialect-body.ts'
import { KEY_FIELD, toldKey } from '../shared/dialect-key.ts'
import { FORM_TYPE } from '../shared/form.ts'
import { ENCRYPTION_SEGMENT } from './client.ts'
import { refusal, succeeded } from './dialect-answers.ts'

/** Kaleyra's API as its callers know it: the key of a number, set as the page says, and read by GET. */
export const kaleyraDialect: Dialect = {
  secretOf,
  read,
  refuse: (fault, request) => refusal(fault, keyPath(request) !== null),
}

function secretOf({ headers }: DialectRequest): DialectSecret | null {
  const token = headers.get('api-key') ?? ''
  return token === '' ? null : { token, isInQuery: false }
}

function read(request: DialectRequest): DialectCall {
  const upstreamId = keyPath(request)
  if (upstreamId === null) throw new Fault('not_found', 'Cannot find anything at this path')
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readKey(upstreamId)
    case 'POST':
      return publishKey(upstreamId, publicKeyOf(request))
    default:
      throw new Fault('method_not_allowed', `Cannot ${request.method} here`)
  }
}

/** The number whose key a path is about, behind a SID that nobody looks at; null where it is about something else. */
function keyPath({ path }: DialectRequest): string | null {
  const [version, sid = '', product, phoneNumber = '', segment, ...more] = path
  const isKeyPath =
    version === 'v2' &&
    sid !== '' &&
    product === 'whatsapp' &&
    phoneNumber !== '' &&
    segment === ENCRYPTION_SEGMENT &&
    more.length === 0
  return isKeyPath ? phoneNumber : null
}

function publishKey(upstreamId: string, publicKey: string): DialectCall {
  return {
    operation: 'encryptionKey.publish',
    input: { upstreamId, publicKey },
    answer: () => succeeded({ success: true }),
  }
}

/** As a form, "the only allowed value". A POST without the key might be meant to read it, and never is taken for that. */
function publicKeyOf(request: DialectRequest): string {
  if (request.body.length > 0 && mediaTypeOf(request) !== FORM_TYPE) {
    throw new Fault('unsupported_media_type', `Cannot read body: send it as ${FORM_TYPE}`)
  }
  const [given = '', ...others] = formOf(request).getAll(KEY_FIELD)
  if (others.length > 0) {
    throw new Fault('invalid_request', `Cannot publish key: ${KEY_FIELD} is there more than once`)
  }
  if (given.trim() !== '') return given
  throw new Fault(
    'invalid_request',
    `Cannot publish key: ${KEY_FIELD} is missing; the key is read with GET`,
  )
}

function readKey(upstreamId: string): DialectCall {
  return {
    operation: 'encryptionKey.read',
    input: { upstreamId },
    answer: (output) => succeeded(toldKey(output)),
  }
}
