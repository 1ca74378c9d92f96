import {
  Fault,
  type RunPayload,
  type Services,
  type TriggerAction,
  triggerSecretPlace,
  type TriggerState,
} from '@latchkey/core'
import { fireTrigger } from '@latchkey/core/triggers'
import {
  type Bytes,
  importPublicKey,
  refusePrivateKey,
  sha256Hex,
  verifyWebhook,
} from '@latchkey/crypto'
import { decodeText, parseJson, parseWith, readBody } from '../http/body.ts'
import type { RouteContext } from '../http/context.ts'
import { jsonResponse } from '../http/json.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { requireSmall } from '../routes/submitted-certificate.ts'
import { certificateMessage, keyMessage } from '../schemas/trigger.ts'

const SIGNED_BY = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

/**
 * Takes a message that sets a trigger off, if it is signed with one of its secrets. It is stored when this answers.
 * @throws Fault unauthenticated, alike for a trigger that there is not; rate_limited, invalid_request, key_invalid,
 * key_is_private
 */
export async function takeMessage(
  { request, services, params }: RouteContext<{ readonly triggerId: string }, unknown>,
  limiter: RateLimiter,
): Promise<Response> {
  const { headers } = request
  // Nothing is looked up, opened or even read for who does not claim to have signed it.
  if (SIGNED_BY.some((name) => (headers.get(name) ?? '') === '')) throw unsigned()
  const key = { kind: 'trigger', id: params.triggerId } as const
  const snapshot = await services.ledger.read<TriggerState>(key)
  if (snapshot === null) throw unsigned()
  const { state: trigger } = snapshot
  const body = await readBody(request)
  const secrets = await openSecrets(services, trigger)
  const now = services.clock.now()
  const verdict = await verifyWebhook({ headers, body }, { secrets, now })
  if (verdict.verdict === 'stale') {
    throw new Fault(
      'unauthenticated',
      'Cannot take message: its time is more than five minutes from the time here',
    )
  }
  if (verdict.verdict === 'forged') throw unsigned()
  const standing = limiter.take(`trigger:${trigger.id}`)
  if (standing.fault !== null) throw standing.fault
  const { id, startedAt } = await fireTrigger(services, trigger, {
    digest: await sha256Hex(JSON.stringify([trigger.id, verdict.id])),
    payload: await payloadOf(trigger.action, body),
  })
  const fired = { id, triggerId: trigger.id, repeated: startedAt === null }
  return jsonResponse(202, fired, standing.headers)
}

function openSecrets(
  { sealer }: Services,
  { id, secrets }: TriggerState,
): Promise<readonly string[]> {
  return Promise.all(secrets.map(({ sealed }) => sealer.open(sealed, triggerSecretPlace(id))))
}

/** What the action takes from a message; what else is in there is whoever sent it's own. */
async function payloadOf(action: TriggerAction, body: Bytes): Promise<RunPayload | null> {
  if (action === 'publish') {
    const text = decodeText(body)
    refusePrivateKey(text)
    const { publicKey } = parseWith(keyMessage, parseJson(text), 'message')
    const { pem, fingerprint } = await importPublicKey(publicKey)
    return { kind: 'key', pem, fingerprint }
  }
  if (action === 'deploy-certificate') {
    const { pem, privateKey, passphrase } = parseWith(
      certificateMessage,
      parseJson(decodeText(body)),
      'message',
    )
    requireSmall('certificate', pem, privateKey)
    return {
      kind: 'certificate',
      pem,
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
    }
  }
  return null
}

function unsigned(): Fault {
  return new Fault(
    'unauthenticated',
    'Cannot take message: it is not signed with a secret of this trigger',
  )
}
