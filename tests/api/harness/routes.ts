import { isScope, type Scope } from '@latchkey/core'
import * as z from 'zod'
import { call } from './client.ts'
import type { ApiHarness } from './harness.ts'

const documented = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        'x-scope': z.string().refine(isScope).optional(),
        parameters: z.array(z.object({ name: z.string() })),
      }),
    ),
  ),
})

export interface DocumentedRoute {
  readonly operationId: string
  readonly method: string
  readonly path: string
  /** Null: open to everybody. */
  readonly scope: Scope | null
  readonly idempotent: boolean
}

/** Every route that the OpenAPI document tells of. */
export async function documentedRoutes(api: ApiHarness): Promise<readonly DocumentedRoute[]> {
  const { json } = await call(api, 'GET', '/openapi.json', { token: null })
  return Object.entries(documented.parse(json).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, 'x-scope': scope, parameters }]) => ({
      operationId,
      method: method.toUpperCase(),
      path,
      scope: scope ?? null,
      idempotent: parameters.some(({ name }) => name === 'Idempotency-Key'),
    })),
  )
}

/** The route's path with ids that nobody has. */
export function samplePath({ path }: DocumentedRoute): string {
  return path
    .replace('{connectionId}', 'con_0000000000000000')
    .replace('{certificateId}', 'crt_0000000000000000000000000000')
    .replace('{numberId}', 'num_0000000000000000000000000000')
    .replaceAll(/\{\w+\}/g, 'unknown')
}
