import * as z from 'zod'
import { call, type Requesting } from './client.ts'

const ringKey = z.object({
  id: z.string().regex(/^key_[0-9a-z]{16}$/),
  label: z.string().nullable(),
  fingerprint: z.string(),
  publicKey: z.string(),
  custody: z.enum(['held', 'external']),
  state: z.enum(['staged', 'active', 'retiring', 'retired']),
  numbers: z.array(z.string()),
  hasMoreNumbers: z.boolean(),
  createdAt: z.string(),
  retiredAt: z.string().nullable(),
  destroyedAt: z.string().nullable(),
})
export type RingKey = z.infer<typeof ringKey>

const page = z.object({ data: z.array(ringKey), nextCursor: z.string().nullable() })

/** Adds a key that has to be taken. */
export async function addKey(api: Requesting, json: object, token?: string): Promise<RingKey> {
  const by = token === undefined ? {} : { token }
  const sent = await call(api, 'POST', '/v1/keys', { json, ...by })
  if (sent.status !== 201) throw new Error(`Cannot add key: ${sent.text}`)
  return ringKey.parse(sent.json)
}

export async function getKey(api: Requesting, id: string): Promise<RingKey> {
  const sent = await call(api, 'GET', `/v1/keys/${id}`)
  if (sent.status !== 200) throw new Error(`Cannot get key: ${sent.text}`)
  return ringKey.parse(sent.json)
}

export async function listKeys(
  api: Requesting,
  query = '',
  token?: string,
): Promise<z.infer<typeof page>> {
  const by = token === undefined ? {} : { token }
  return page.parse((await call(api, 'GET', `/v1/keys${query}`, by)).json)
}

/** Publishes a key of the ring that has to be taken. */
export async function publishKeyId(api: Requesting, numberId: string, keyId: string) {
  const path = `/v1/numbers/${numberId}/encryption-key`
  const sent = await call(api, 'PUT', path, { json: { keyId } })
  if (sent.status !== 200) throw new Error(`Cannot publish: ${sent.text}`)
  return sent
}
