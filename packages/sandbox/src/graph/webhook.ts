import { createHmac, randomInt } from 'node:crypto'
import { type Clock, HOUR, type Instant, MINUTE, SECOND } from '@latchkey/core'
import { callLocal, isLocal } from '../shared/call-local.ts'
import { InputError } from '../shared/readers.ts'
import { type Change, WEBHOOK_FIELDS, type WebhookField } from './alerts.ts'

/** The address to which Meta sends what happens, one for each app. */
export interface WebhookSubscription {
  /** On this machine alone: the sandbox is nobody's means of calling others. */
  readonly callbackUrl: string
  readonly verifyToken: string
  /** All that there are, where left out. */
  readonly fields?: readonly WebhookField[]
}

export interface WebhookDelivery {
  readonly at: Instant
  readonly body: string
  readonly attempts: number
  /** Of the last attempt; null before the first has ended, and where nothing was answered. */
  readonly status: number | null
  readonly state: 'under way' | 'delivered' | 'given up'
}

export interface WebhookView {
  readonly callbackUrl: string
  readonly fields: readonly WebhookField[]
  /** The last ones, oldest first. */
  readonly deliveries: readonly WebhookDelivery[]
}

export interface GraphWebhook {
  /** Has the address confirm itself, then sends there. @throws InputError where it does not */
  subscribe(subscription: WebhookSubscription): Promise<void>
  /** Sends nothing any more, also of what is to be sent again. */
  end(): void
  /** Sends what the subscription is for, a delivery for each change, and again until it is taken. */
  tell(wabaId: string, changes: readonly Change[]): void
  view(): WebhookView | null
}

const ANSWER_MS = 10 * SECOND
/** Ever more seldom for a day and a half, the shorter of the times that Meta's pages name. */
const RETRY_AFTER_MS = [
  SECOND,
  10 * SECOND,
  MINUTE,
  10 * MINUTE,
  HOUR,
  4 * HOUR,
  10 * HOUR,
  20 * HOUR,
] as const
const KEPT_DELIVERIES = 100

interface Subscribed {
  readonly url: URL
  readonly fields: readonly WebhookField[]
  readonly deliveries: WebhookDelivery[]
}

export function createWebhook(clock: Clock, appSecret: string): GraphWebhook {
  let current: Subscribed | null = null

  const deliver = async (subscribed: Subscribed, body: string): Promise<void> => {
    const at = clock.now()
    const { url, deliveries } = subscribed
    let delivery: WebhookDelivery = { at, body, attempts: 0, status: null, state: 'under way' }
    deliveries.push(delivery)
    if (deliveries.length > KEPT_DELIVERIES) deliveries.shift()
    const note = (changes: Partial<WebhookDelivery>) => {
      const index = deliveries.indexOf(delivery)
      delivery = { ...delivery, ...changes }
      if (index !== -1) deliveries[index] = delivery
    }
    for (const pause of [0, ...RETRY_AFTER_MS]) {
      if (pause > 0) await clock.sleep(pause)
      if (current !== subscribed) return
      const status = await post(url, body, signed(body, appSecret))
      const taken = status === 200
      note({ attempts: delivery.attempts + 1, status, ...(taken ? { state: 'delivered' } : {}) })
      if (taken) return
    }
    note({ state: 'given up' })
  }

  return {
    async subscribe({ callbackUrl, verifyToken, fields = WEBHOOK_FIELDS }) {
      const url = readCallback(callbackUrl)
      await greet(url, verifyToken)
      current = { url, fields, deliveries: [] }
    },
    end() {
      current = null
    },
    tell(wabaId, changes) {
      const subscribed = current
      if (subscribed === null) return
      const time = Math.floor(clock.now() / SECOND)
      for (const change of changes) {
        if (!subscribed.fields.includes(change.field)) continue
        const entry = [{ id: wabaId, time, changes: [change] }]
        const body = asMetaWrites({ object: 'whatsapp_business_account', entry })
        void deliver(subscribed, body)
      }
    },
    view() {
      if (current === null) return null
      const { url, fields, deliveries } = current
      return { callbackUrl: url.href, fields, deliveries: [...deliveries] }
    },
  }
}

function readCallback(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !isLocal(url)) {
    throw new InputError('callbackUrl', 'must be an http URL of this machine')
  }
  return url
}

/** The handshake: an address that knows the token answers with the challenge. */
async function greet(callback: URL, verifyToken: string): Promise<void> {
  const url = new URL(callback)
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000))
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', verifyToken)
  const answer = await callLocal(url, { method: 'GET', timeoutMs: ANSWER_MS })
  if (answer?.status !== 200 || answer.text !== challenge) {
    throw new InputError('callbackUrl', 'must answer with the challenge')
  }
}

async function post(url: URL, body: string, signature: string): Promise<number | null> {
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature }
  return (
    (await callLocal(url, { method: 'POST', headers, body, timeoutMs: ANSWER_MS }))?.status ?? null
  )
}

function signed(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Slashes and all that is not ASCII are escaped: who writes the JSON anew breaks its signature. */
function asMetaWrites(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', String.raw`\/`)
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
