import * as z from 'zod'
import { call, connectionTo, make, type Requesting } from './client.ts'
import { eventually } from './eventually.ts'
import type { ApiHarness } from './harness.ts'

const counts = z.object({
  total: z.int(),
  pending: z.int(),
  published: z.int(),
  verified: z.int(),
  failed: z.int(),
  superseded: z.int(),
})
const rotation = z.object({
  id: z.string(),
  status: z.string(),
  counts,
  finishedAt: z.string().nullable(),
})
export type TestRotation = z.infer<typeof rotation>

const rotated = z.object({
  numberId: z.string(),
  status: z.string(),
  keyId: z.string().nullable(),
  previousFingerprint: z.string().nullable(),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
})
const rotatedPage = z.object({ data: z.array(rotated), nextCursor: z.string().nullable() })
const discovered = z.object({
  added: z.array(z.object({ id: z.string(), upstreamId: z.string() })),
})

export const NO_COUNTS = { pending: 0, published: 0, verified: 0, failed: 0, superseded: 0 }

/** A graph connection with so many numbers. */
export async function makeFleet(api: ApiHarness, graphNumbers: number) {
  await api.sandbox.reset({ graphNumbers })
  const connectionId = await make(api, '/v1/connections', connectionTo(api, 'graph'))
  const sent = await call(api, 'POST', `/v1/connections/${connectionId}/discover`)
  const { added } = discovered.parse(sent.json)
  return { connectionId, numbers: added, numberIds: added.map(({ id }) => id) }
}

export const PER_NUMBER = { generate: 'per-number' } as const
export const SHARED = { generate: 'shared' } as const

/** Starts a rotation that has to be taken. */
export async function start(api: Requesting, json: object): Promise<TestRotation> {
  const sent = await call(api, 'POST', '/v1/rotations', { json })
  if (sent.status !== 202) throw new Error(`Cannot start: ${sent.text}`)
  return rotation.parse(sent.json)
}

/** Does something with a rotation that has to be taken. */
export async function change(
  api: ApiHarness,
  id: string,
  doing: 'cancel' | 'retry' | 'rollback',
): Promise<TestRotation> {
  const sent = await call(api, 'POST', `/v1/rotations/${id}/${doing}`)
  if (sent.status !== 202) throw new Error(`Cannot ${doing}: ${sent.text}`)
  return rotation.parse(sent.json)
}

export async function progress(api: Requesting, id: string): Promise<TestRotation> {
  return rotation.parse((await call(api, 'GET', `/v1/rotations/${id}`)).json)
}

/** Lets Latchkey work until the rotation passes: on Workers an alarm may be at it already, and is not waited for. */
export async function progressTo(
  api: ApiHarness,
  id: string,
  passes: (rotation: TestRotation) => boolean,
): Promise<TestRotation> {
  return eventually(async () => {
    await api.advance(0)
    return progress(api, id)
  }, passes)
}

export function finished(api: ApiHarness, id: string): Promise<TestRotation> {
  return progressTo(api, id, ({ status }) => status !== 'running')
}

/** All numbers of a rotation, read in pages of two. */
export async function numbersOf(api: ApiHarness, id: string, filter = '') {
  const all: z.infer<typeof rotated>[] = []
  let cursor: string | null = null
  do {
    const at: string = cursor === null ? '' : `&cursor=${cursor}`
    const path = `/v1/rotations/${id}/numbers?limit=2${filter}${at}`
    const page = rotatedPage.parse((await call(api, 'GET', path)).json)
    all.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null)
  return all
}

const keyAnswer = z.object({
  keyId: z.string().nullable(),
  fingerprint: z.string().nullable(),
  inSync: z.boolean().nullable(),
})

export async function keyOf(api: ApiHarness, numberId: string) {
  const sent = await call(api, 'GET', `/v1/numbers/${numberId}/encryption-key?fresh=true`)
  return keyAnswer.parse(sent.json)
}
