import * as z from 'zod'
import { call, connectionTo, make, type Requesting } from './client.ts'
import { eventually } from './eventually.ts'
import type { ApiHarness } from './harness.ts'
import {
  isTaken,
  payloadOf,
  type ReceivedMessage,
  type ReceiverControl,
} from './receiver-control.ts'

const madeSchema = z.object({ id: z.string(), secret: z.string().startsWith('whsec_') })
export type MadeEndpoint = z.infer<typeof madeSchema>

/** Makes a webhook endpoint over the API, as the admin unless told otherwise. */
export async function makeEndpoint(
  api: Requesting,
  url: string,
  events: readonly string[] = ['*'],
  token?: string,
): Promise<MadeEndpoint> {
  const sent = await call(api, 'POST', '/v1/webhook-endpoints', {
    json: { url, events },
    ...(token === undefined ? {} : { token }),
  })
  if (sent.status !== 201) throw new Error(`Cannot make endpoint: ${sent.text}`)
  return madeSchema.parse(sent.json)
}

const deliverySchema = z.object({
  id: z.string(),
  event: z.object({ id: z.string(), type: z.string(), subject: z.string() }),
  status: z.string(),
  reason: z.string().nullable(),
  attempts: z.array(z.object({ status: z.int().nullable(), at: z.string() })),
  nextAttemptAt: z.string().nullable(),
})
export type Delivery = z.infer<typeof deliverySchema>
const page = z.object({ data: z.array(deliverySchema) })

/** The deliveries of an endpoint, the newest event first. */
export async function deliveriesTo(
  api: Requesting,
  endpointId: string,
): Promise<readonly Delivery[]> {
  const sent = await call(api, 'GET', `/v1/webhook-endpoints/${endpointId}/deliveries?limit=200`)
  return page.parse(sent.json).data
}

/** A connection that is called nowhere in these tests. */
export function makeSubject(api: Pick<ApiHarness, 'urls'> & Requesting): Promise<string> {
  return make(api, '/v1/connections', connectionTo(api, 'graph'))
}

/** Leaves one event `connection.updated`, which tells of nothing but that name. */
export async function rename(api: Requesting, connectionId: string, name: string): Promise<void> {
  const sent = await call(api, 'PATCH', `/v1/connections/${connectionId}`, { json: { name } })
  if (sent.status !== 200) throw new Error(`Cannot rename: ${sent.text}`)
}

/** Does what is due, and waits until a receiver has as many messages as it should; those that it has. */
export async function receivedBy(
  api: ApiHarness,
  receiver: ReceiverControl,
  count: number,
): Promise<readonly ReceivedMessage[]> {
  await api.advance(0)
  return eventually(
    () => receiver.received(),
    (messages) => messages.length >= count,
  )
}

/** What a receiver has taken of a subject: the place of each event among the subject's. */
export function takenOf(messages: readonly ReceivedMessage[], subject: string): readonly number[] {
  return messages
    .filter(isTaken)
    .map((message) => payloadOf(message).data)
    .filter((data) => data.subject === subject)
    .map(({ sequence }) => sequence)
}
