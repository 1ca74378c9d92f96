import * as z from 'zod'
import { call, type Requesting, type Sent } from './client.ts'
import type { TestKey } from './keys.ts'

const page = z.object({
  data: z.array(
    z.object({
      type: z.string(),
      actor: z.object({ kind: z.string(), id: z.string() }),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type TestEvent = z.infer<typeof page>['data'][number]

export function publishTo(api: Requesting, numberId: string, key: TestKey): Promise<Sent> {
  const path = `/v1/numbers/${numberId}/encryption-key`
  return call(api, 'PUT', path, { json: { publicKey: key.pem } })
}

/** The key as the upstream tells it now, where it can be asked. */
export function readFresh(api: Requesting, numberId: string): Promise<Sent> {
  return call(api, 'GET', `/v1/numbers/${numberId}/encryption-key?fresh=true`)
}

/** What the audit log tells of a number, oldest first. */
export async function eventsOf(api: Requesting, subject: string): Promise<readonly TestEvent[]> {
  const events: TestEvent[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const sent = await call(api, 'GET', `/v1/events?subject=${subject}&limit=200${at}`)
    const read = page.parse(sent.json)
    events.push(...read.data)
    cursor = read.nextCursor
  }
  return events
}
