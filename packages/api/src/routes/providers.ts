import type { Provider } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import { consistencyQuery, pageBody, pageOf, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'

const schemaDocument = z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12)')

const providerSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    lifecycle: z.enum(['active', 'sunset']),
    operations: z.array(z.string()),
    configSchema: schemaDocument,
    credentialsSchema: schemaDocument,
    limits: z.array(z.object({ name: z.string(), value: z.string(), source: z.string() })),
    quirks: z.array(
      z.object({ name: z.string(), conflict: z.string(), choice: z.string(), source: z.string() }),
    ),
  })
  .meta({ id: 'Provider' })

export const providerRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/v1/providers',
    operationId: 'listProviders',
    summary: 'What each provider can do, and what a connection to it needs',
    tag: 'Providers',
    scope: 'connections:read',
    query: z.object({ ...pagingQuery(z.string().regex(/^[a-z]{1,50}$/)), ...consistencyQuery }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(providerSchema) } },
    },
    async handle({ services, query }) {
      const loaded = await Promise.all([...services.providers.values()].map((each) => each.load()))
      return jsonResponse(200, pageBody(pageOf(loaded, query), showProvider))
    },
  }),
]

function showProvider(provider: Provider): z.infer<typeof providerSchema> {
  return {
    id: provider.id,
    title: provider.title,
    lifecycle: provider.lifecycle,
    operations: [...provider.operationNames],
    configSchema: z.toJSONSchema(provider.config, { io: 'input' }),
    credentialsSchema: z.toJSONSchema(provider.credentials, { io: 'input' }),
    limits: [...provider.limits],
    quirks: [...provider.quirks],
  }
}
