import type { Exchange, OperationShapes, Operations } from '@latchkey/core'
import { FORM_TYPE, formBody, wirePem } from '../shared/form.ts'
import type { Call } from '../shared/verdict.ts'
import { assertDone } from './faults.ts'

/** The last path segment of the one operation (page "Set Encryption Public Key"). */
export const ENCRYPTION_SEGMENT = 'flows_encryption'

type Publish = OperationShapes['encryptionKey.publish']

/**
 * Kaleyra's side of publishing, the one operation that there is: what it calls reading is documented as a POST
 * without a body to the very URL that sets the key, so that a slip of its pages would erase a live key.
 */
export function kaleyraOperations(sid: string, apiKey: string): Operations {
  return { 'encryptionKey.publish': publish(sid, apiKey) }
}

function publish(sid: string, apiKey: string): Exchange<Publish['input'], Publish['output']> {
  const about: Call = { action: 'publish encryption key', writes: true, secrets: [apiKey] }
  return {
    repeatable: false,
    request: ({ upstreamId, publicKey }) => ({
      method: 'POST',
      path: ['v2', sid, 'whatsapp', upstreamId, ENCRYPTION_SEGMENT],
      headers: { 'api-key': apiKey, 'Content-Type': FORM_TYPE },
      body: formBody([['business_public_key', wirePem(publicKey)]]),
    }),
    respond(response) {
      assertDone(about, response)
      return {}
    },
  }
}
