import { SECOND } from '@latchkey/core'
import { toUtf8 } from '@latchkey/crypto'
import { Webhook } from 'standardwebhooks'
import * as z from 'zod'
import { call, type Requesting, type Sent } from './client.ts'
import { eventually } from './eventually.ts'
import type { ApiHarness } from './harness.ts'
import { eventsOf } from './key-calls.ts'

const madeSchema = z.object({ id: z.string(), secret: z.string() })
export type MadeTrigger = z.infer<typeof madeSchema>

/** Makes a trigger over the API, as the admin unless told otherwise. */
export async function makeTrigger(
  api: Requesting,
  json: Readonly<Record<string, unknown>>,
  token?: string,
): Promise<MadeTrigger> {
  const sent = await call(api, 'POST', '/v1/triggers', {
    json: { name: 'test', ...json },
    ...(token === undefined ? {} : { token }),
  })
  if (sent.status !== 201) throw new Error(`Cannot make trigger: ${sent.text}`)
  return madeSchema.parse(sent.json)
}

export interface Message {
  readonly id?: string
  /** What the sender's clock is wrong by. */
  readonly awayMs?: number
  /** Changed on the way. */
  readonly tampered?: {
    readonly body?: string
    readonly headers?: Readonly<Record<string, string>>
  }
}

/** Sets a trigger off, by a message that the library of the standard has signed. */
export async function fire(
  api: Requesting,
  { id: triggerId, secret }: MadeTrigger,
  json: unknown = {},
  { id = 'msg_1', awayMs = 0, tampered = {} }: Message = {},
): Promise<Sent> {
  const at = new Date(Date.now() + awayMs)
  const body = JSON.stringify(json)
  return call(api, 'POST', `/v1/triggers/${triggerId}`, {
    token: null,
    body: toUtf8(tampered.body ?? body),
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
      ...tampered.headers,
    },
  })
}

const firedSchema = z.object({ id: z.string() })

/** The run that an answer tells of. */
export function runOf({ json }: Sent): string {
  return firedSchema.parse(json).id
}

/** What a run came to; on workerd an alarm may have begun with it by itself, so that it is waited for. */
export function finishedBy(api: ApiHarness, sent: Sent) {
  const run = runOf(sent)
  return eventually(
    async () => {
      await api.advance(SECOND)
      return (await eventsOf(api, run)).find(({ type }) => type === 'trigger.finished')
    },
    (event) => event !== undefined,
  )
}
