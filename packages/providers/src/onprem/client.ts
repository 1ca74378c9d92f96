import type { Exchange, OperationShapes, Operations } from '@latchkey/core'
import * as z from 'zod'
import { FORM_TYPE, formBody, wirePem } from '../shared/form.ts'
import { unexpectedAnswer } from '../shared/http-status.ts'
import { keyFields, keyReading, tellsOfKey, UNSET } from '../shared/key-reading.ts'
import { certificateOperations } from './certificates.ts'
import { type Context, contextOf } from './context.ts'
import { saysNotFound, successJson } from './faults.ts'
import { doneAnswer, healthAnswer, type OnpremConfig, type OnpremCredentials } from './schema.ts'

/** The path of both key operations (page "Business settings: WhatsApp business encryption"). */
export const ENCRYPTION_PATH = [
  'v1',
  'settings',
  'business',
  'whatsapp_business_encryption',
] as const
const HEALTH_PATH = ['v1', 'health'] as const

type Publish = OperationShapes['encryptionKey.publish']
type Read = OperationShapes['encryptionKey.read']
type Check = OperationShapes['connection.check']

/** The deployment's side of each operation. It serves one number, so that no call names it. */
export function onpremOperations(config: OnpremConfig, credentials: OnpremCredentials): Operations {
  const context = contextOf(credentials)
  return {
    'encryptionKey.publish': publish(context, config.publishEncoding),
    'encryptionKey.read': read(context),
    'connection.check': check(context),
    ...certificateOperations(context),
  }
}

function publish(
  { authorize, call }: Context,
  encoding: OnpremConfig['publishEncoding'],
): Exchange<Publish['input'], Publish['output']> {
  const about = call('publish encryption key', 'writes')
  const contentType = encoding === 'form' ? FORM_TYPE : 'application/json'
  return {
    repeatable: false,
    request({ publicKey }, session) {
      const key = wirePem(publicKey)
      return {
        method: 'POST',
        path: ENCRYPTION_PATH,
        headers: { ...authorize(session), 'Content-Type': contentType },
        body:
          encoding === 'form'
            ? formBody([['public_key', key]])
            : JSON.stringify({ public_key: key }),
      }
    },
    respond(response) {
      if (doneAnswer.safeParse(successJson(about, response)).success) return {}
      throw unexpectedAnswer(about, response)
    },
  }
}

function read({ authorize, call }: Context): Exchange<Read['input'], Read['output']> {
  const about = call('read encryption key')
  return {
    repeatable: true,
    request: (_input, session) => ({
      method: 'GET',
      path: ENCRYPTION_PATH,
      headers: authorize(session),
    }),
    respond(response) {
      // As it answers where no webhook certificate is set.
      if (saysNotFound(response)) return UNSET
      const told = unwrap(successJson(about, response))
      if (told === null) return UNSET
      const fields = keyFields.safeParse(told)
      if (!fields.success || !tellsOfKey(fields.data)) throw unexpectedAnswer(about, response)
      return keyReading(fields.data)
    },
  }
}

function check({ authorize, call }: Context): Exchange<Check['input'], Check['output']> {
  const about = call('check connection')
  return {
    repeatable: true,
    request: (_input, session) => ({
      method: 'GET',
      path: HEALTH_PATH,
      headers: authorize(session),
    }),
    respond(response) {
      if (healthAnswer.safeParse(successJson(about, response)).success) return {}
      throw unexpectedAnswer(about, response)
    },
  }
}

const object = z.record(z.string(), z.unknown())

/** Goes down the wrappers that this API's other settings answer with, as far as they are there. */
function unwrap(json: unknown): unknown {
  return ['settings', 'business', 'whatsapp_business_encryption'].reduce((value, name) => {
    const wrapper = object.safeParse(value)
    return wrapper.success && Object.hasOwn(wrapper.data, name) ? wrapper.data[name] : value
  }, json)
}
