import { Fault, type WebhookReceiver } from '@latchkey/core'
import { verifyBase64Mac } from '@latchkey/crypto'
import * as z from 'zod'
import { noticeDigest, parseDelivery } from '../shared/notice.ts'
import { pbxCredentials } from './schema.ts'

/** System event notification, and alert (Yeastar P-Series, "Webhook Event Push"). */
const SYSTEM_EVENTS: ReadonlySet<string> = new Set(['30035', '30036'])

/**
 * No page lists the names of the events that are about certificates: any that says the word, in a language that the
 * PBX speaks, is taken for one. What comes of it is a reading.
 */
const CERTIFICATE = /certifi[ck]at|zertifikat|сертификат|证书|憑證|証明書|인증서/i

const text = z.string().catch('')
const eventSchema = z.object({
  type: z.union([z.string(), z.number().transform(String)]),
  msg: z.unknown(),
})
const messageSchema = z.object({ event_name: text, event_content: text })

/** The events that a PBX pushes. */
export const pbxReceiver: WebhookReceiver = {
  secretsOf(credentials) {
    const { webhookSecret } = pbxCredentials.parse(credentials)
    return webhookSecret === undefined ? [] : [webhookSecret]
  },

  verify: (signature, body, secrets) => verifyBase64Mac(signature, body, secrets),

  async read(body) {
    const told = parseDelivery(body)
    const event = eventSchema.safeParse(told)
    if (!event.success) throw new Fault('invalid_request', 'Cannot read webhook: it has no type')
    if (!SYSTEM_EVENTS.has(event.data.type)) return []
    const message = messageSchema.safeParse(messageOf(event.data.msg))
    if (!message.success) return []
    const { event_name: name, event_content: content } = message.data
    if (!CERTIFICATE.test(name) && !CERTIFICATE.test(content)) return []
    return [
      {
        kind: 'refresh-certificates',
        account: null,
        digest: await noticeDigest(told),
        reason: `event ${event.data.type}`,
        // The PBX tells the time of day where it stands, and not where that is.
        sentAt: null,
      },
    ]
  },
}

/** The message as an object; some events carry theirs as JSON in a text. */
function messageOf(message: unknown): unknown {
  if (typeof message !== 'string') return message
  try {
    const parsed: unknown = JSON.parse(message)
    return parsed
  } catch {
    return null
  }
}
