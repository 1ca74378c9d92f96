import { createHmac } from 'node:crypto'
import type { Instant } from '@latchkey/core'
import type { PbxSeed } from './seed.ts'

/** What a system event notification tells. */
export interface PbxEvent {
  readonly name: string
  readonly content?: string
  readonly type?: 'operation' | 'telephony' | 'system' | 'security' | 'reminder'
  /** `X-Signature` of the right secret, of another one, or left out. */
  readonly signature?: 'valid' | 'wrong' | 'none'
}

/** A push as it goes to the receiver's address, by POST. */
export interface SignedEvent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The event id of a system event notification. */
const SYSTEM_EVENT = 30035

/** Signs an event as the PBX pushes it: Base64 of HMAC-SHA256 over the raw body. */
export function signEvent(event: PbxEvent, seed: PbxSeed, now: Instant): SignedEvent {
  const { name, content = '', type = 'system', signature = 'valid' } = event
  const msg = {
    event_name: name,
    event_type: type,
    event_level: 'warn',
    event_content: content,
    create_time: new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' '),
  }
  const body = JSON.stringify({ type: SYSTEM_EVENT, sn: seed.serialNumber, msg })
  const secret = signature === 'valid' ? seed.webhookSecret : `not ${seed.webhookSecret}`
  const mark = createHmac('sha256', secret).update(body).digest('base64')
  const json = { 'content-type': 'application/json' }
  return { headers: signature === 'none' ? json : { ...json, 'x-signature': mark }, body }
}
