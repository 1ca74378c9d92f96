import type { Context } from 'hono'

/** Announces on HEAD the length that GET would send (RFC 9110 §8.6): a server that sees no body would say 0. */
export async function announceLength(c: Context): Promise<void> {
  if (c.req.method !== 'HEAD' || c.res.body === null) return
  const body = await c.res.clone().arrayBuffer()
  c.header('content-length', String(body.byteLength))
}
