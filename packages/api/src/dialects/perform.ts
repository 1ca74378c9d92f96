import {
  checkConnection,
  type DialectCall,
  type DialectOperation,
  type DialectResponse,
  type Scope,
} from '@latchkey/core'
import * as certificates from './perform-certificates.ts'
import { type DialectContext, publish, read } from './perform-keys.ts'

/** What a caller's token has to allow, as for the same thing over the unified API. */
export const SCOPES: Readonly<Record<DialectOperation, Scope>> = {
  'encryptionKey.publish': 'numbers:write',
  'encryptionKey.read': 'numbers:read',
  'certificate.list': 'certificates:read',
  'certificate.get': 'certificates:read',
  'certificate.stage': 'certificates:write',
  'certificate.upload': 'certificates:write',
  'certificate.apply': 'certificates:write',
  'certificate.update': 'certificates:write',
  'certificate.remove': 'certificates:write',
  'certificate.activate': 'certificates:write',
  'connection.check': 'connections:read',
}

type OperationCall = Extract<DialectCall, { operation: DialectOperation }>

/** Does what a call asks for, by the very operations of the unified API, and words the answer. */
export async function perform(
  context: DialectContext,
  call: OperationCall,
): Promise<DialectResponse> {
  switch (call.operation) {
    case 'encryptionKey.publish':
      return call.answer(await publish(context, call.input))
    case 'encryptionKey.read':
      return call.answer(await read(context, call.input))
    case 'certificate.list':
      return call.answer(await certificates.list(context, call.input))
    case 'certificate.get':
      return call.answer(await certificates.get(context, call.input))
    case 'certificate.stage':
      return call.answer(await certificates.stage(context, call.input))
    case 'certificate.upload':
      return call.answer(await certificates.upload(context, call.input))
    case 'certificate.apply':
      return call.answer(await certificates.apply(context, call.input))
    case 'certificate.update':
      return call.answer(await certificates.update(context, call.input))
    case 'certificate.remove':
      return call.answer(await certificates.remove(context, call.input))
    case 'certificate.activate':
      return call.answer(await certificates.activate(context, call.input))
    case 'connection.check': {
      const { fault } = await checkConnection(context.services, context.connectionId)
      if (fault !== null) throw fault
      return call.answer({})
    }
  }
}
