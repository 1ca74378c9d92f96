import type { Scope } from '@latchkey/core'
import * as z from 'zod'
import { call, type Requesting } from './client.ts'

const madeToken = z.object({ id: z.string(), token: z.string() })
export type MadeToken = z.infer<typeof madeToken>

export interface TokenOptions {
  readonly connections?: readonly string[]
  readonly expiresAt?: string
  /** Who makes it; the admin, if left out. */
  readonly by?: string
}

export async function makeToken(
  api: Requesting,
  scopes: readonly Scope[],
  { by, ...limits }: TokenOptions = {},
): Promise<MadeToken> {
  const sent = await call(api, 'POST', '/v1/tokens', {
    json: { name: 'test', scopes, ...limits },
    ...(by === undefined ? {} : { token: by }),
  })
  if (sent.status !== 201) throw new Error(`Cannot make token: ${sent.text}`)
  return madeToken.parse(sent.json)
}
