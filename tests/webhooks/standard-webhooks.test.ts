import { SECOND } from '@latchkey/core'
import { mintWebhookSecret, signWebhook, toUtf8, verifyWebhook } from '@latchkey/crypto'
import { systemRandom } from '@latchkey/platform'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'

// The standard's own library takes the time from the clock of the machine.
const now = Date.now()

const BODIES = ['{"type":"key.published"}', '', 'a.b.c', '{"name":"Grüße 🔑"}', 'x'.repeat(100_000)]

describe('the library of the standard', () => {
  test.each(BODIES)('takes what signWebhook() signs: %.30s', async (body) => {
    const secrets = [mintWebhookSecret(systemRandom), mintWebhookSecret(systemRandom)]
    const headers = { ...(await signWebhook({ id: 'msg_1', at: now, body }, secrets)) }
    for (const secret of secrets) {
      const library = new Webhook(secret)
      expect(() => library.verify(body, headers, { jsonParse: false })).not.toThrow()
      expect(() => library.verify(`${body} `, headers, { jsonParse: false })).toThrow()
    }
  })

  test.each(BODIES)('signs as verifyWebhook() wants it: %.30s', async (body) => {
    const secret = mintWebhookSecret(systemRandom)
    const headers = new Headers({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now / SECOND)),
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(now), body),
    })
    const verdict = await verifyWebhook({ headers, body: toUtf8(body) }, { secrets: [secret], now })
    expect(verdict).toEqual({ verdict: 'genuine', id: 'msg_1' })
  })
})
