import { toUtf8 } from '@latchkey/crypto'
import { describe, expect, test } from 'vitest'
import { pbxReceiver } from './webhook.ts'

const MESSAGE = {
  event_name: 'Certificate Expiration',
  event_type: 'system',
  event_level: 'warn',
  event_content: 'The certificate pbx.example.com.pem is about to expire',
  create_time: '2026/03/01 10:00:00',
}
const EVENT = { type: 30035, sn: '3631A2000001', msg: MESSAGE }
const read = (event: unknown) => pbxReceiver.read(toUtf8(JSON.stringify(event)))
const about = (name: string, content = '') => ({
  ...EVENT,
  msg: { ...MESSAGE, event_name: name, event_content: content },
})

describe('pbxReceiver.read()', () => {
  test.each([
    ['as an object', EVENT],
    ['as text', { ...EVENT, msg: JSON.stringify(MESSAGE) }],
    ['with its type as text', { ...EVENT, type: '30035' }],
    ['as an alert', { ...EVENT, type: 30036 }],
    ['in its name alone', about('certificate_renewal_failed')],
    ['in its text alone', about('Reminder', '服务器证书即将过期')],
  ])('takes an event about certificates %s', async (_, event) => {
    const [notice] = await read(event)
    expect(notice).toMatchObject({ kind: 'refresh-certificates', account: null, sentAt: null })
  })

  test.each([
    ['of another type', { ...EVENT, type: 30011 }],
    ['about something else', about('Disk full', 'Storage is running out')],
    ['without a message', { ...EVENT, msg: null }],
    ['with a message that is no JSON', { ...EVENT, msg: '{' }],
  ])('passes over an event %s', async (_, event) => {
    expect(await read(event)).toEqual([])
  })

  test('knows an event again, and no other for it', async () => {
    const later = { ...EVENT, msg: { ...MESSAGE, create_time: '2026/03/01 10:00:01' } }
    const digests = (await Promise.all([EVENT, EVENT, later].map(read))).map(
      (all) => all[0]?.digest,
    )
    expect(digests[0]).toBe(digests[1])
    expect(digests[2]).not.toBe(digests[0])
  })

  test.each(['', '{', '[]', '{"msg":1}'])(
    'refuses what a PBX does not push: "%s"',
    async (text) => {
      await expect(pbxReceiver.read(toUtf8(text))).rejects.toMatchObject({
        code: 'invalid_request',
      })
    },
  )
})

test('pbxReceiver.secretsOf() has nothing where no secret is set', () => {
  const credentials = { clientId: 'a', clientSecret: 'b' }
  expect(pbxReceiver.secretsOf(credentials)).toEqual([])
  expect(pbxReceiver.secretsOf({ ...credentials, webhookSecret: 'c' })).toEqual(['c'])
})
