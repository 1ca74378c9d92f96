import { Fault, type Notice, SECOND, type WebhookReceiver } from '@latchkey/core'
import { constantTimeEqualText, verifyHubSignature } from '@latchkey/crypto'
import * as z from 'zod'
import { noticeDigest, parseDelivery } from '../shared/notice.ts'
import { graphCredentials } from './schema.ts'
import { reasonOf } from './webhook-reasons.ts'

/** Visible ASCII; Meta sends a number. */
const CHALLENGE = /^[!-~]{1,256}$/

/** The object of WhatsApp's webhooks; an app may subscribe the same address to others. */
const WHATSAPP = 'whatsapp_business_account'
/** Meta sends at most a thousand changes at a time. */
const CHANGES_MAX = 1_000

const ID_MAX = 64
/** Seconds up to here are of this millennium; above it somebody counts milliseconds. */
const SECONDS_MAX = 100_000_000_000

const delivery = z.object({
  object: z.string(),
  entry: z.array(z.unknown()).catch([]),
})

const entrySchema = z.object({
  id: z.union([z.string().max(ID_MAX), z.number().transform(String)]),
  time: z.coerce.number().int().positive().nullish().catch(null),
  changes: z.array(z.unknown()).catch([]),
})

/** Meta's webhooks of a WhatsApp Business account. */
export const graphReceiver: WebhookReceiver = {
  secretsOf(credentials) {
    const { appSecret, previousAppSecret } = graphCredentials.parse(credentials)
    // The previous one alone verifies nothing: it is there for while the present one takes over.
    if (appSecret === undefined) return []
    return previousAppSecret === undefined ? [appSecret] : [appSecret, previousAppSecret]
  },

  verify: (signature, body, secrets) => verifyHubSignature(signature, body, secrets),

  greet(query, credentials) {
    const { verifyToken } = graphCredentials.parse(credentials)
    const challenge = query.get('hub.challenge') ?? ''
    if (verifyToken === undefined || query.get('hub.mode') !== 'subscribe') return null
    const given = query.get('hub.verify_token') ?? ''
    return isSameText(given, verifyToken) && CHALLENGE.test(challenge) ? challenge : null
  },

  async read(body) {
    const parsed = delivery.safeParse(parseDelivery(body))
    if (!parsed.success) {
      throw new Fault('invalid_request', 'Cannot read webhook: it has no object and entries')
    }
    if (parsed.data.object !== WHATSAPP) return []
    const changes = parsed.data.entry.flatMap((raw) => {
      const entry = entrySchema.safeParse(raw)
      if (!entry.success) return []
      return entry.data.changes.map((change) => ({ entry: entry.data, change }))
    })
    if (changes.length > CHANGES_MAX) {
      throw new Fault('invalid_request', `Cannot read webhook: more than ${CHANGES_MAX} changes`)
    }
    const notices = await Promise.all(
      changes.map(async ({ entry: { id, time = null }, change }): Promise<Notice | null> => {
        const reason = reasonOf(change)
        if (reason === null) return null
        return {
          kind: 'check-numbers',
          account: id,
          digest: await noticeDigest([id, time, change]),
          reason,
          sentAt: time === null || time > SECONDS_MAX ? time : time * SECOND,
        }
      }),
    )
    return notices.filter((notice) => notice !== null)
  },
}

/** Of a query anything can come; what is no text of Unicode is no token. */
function isSameText(given: string, wanted: string): boolean {
  return given.isWellFormed() && constantTimeEqualText(given, wanted)
}
