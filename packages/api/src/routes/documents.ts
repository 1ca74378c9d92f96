import type { RegisteredProvider } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import type { Route } from '../route.ts'

const HTML_TYPE = 'text/html'
const html = { description: 'A page', content: { [HTML_TYPE]: z.string() } }

/**
 * The pages and documents about the API, which are routes of it themselves. What makes them is loaded when somebody
 * asks: a key is read without.
 */
export function documentRoutes(
  described: () => Promise<readonly Route[]>,
  version: string,
): readonly Route[] {
  // It takes some milliseconds, and is the same for everybody.
  let document: Readonly<Record<string, unknown>> | undefined
  const made = async (providers: readonly RegisteredProvider[]) => {
    const { openApiDocument } = await import('../openapi/document.ts')
    const loaded = await Promise.all(providers.map((provider) => provider.load()))
    return openApiDocument(await described(), version, loaded)
  }
  return [
    defineRoute({
      method: 'get',
      path: '/',
      operationId: 'getLandingPage',
      summary: 'Where a browser arrives',
      tag: 'Documents',
      scope: null,
      responses: { 200: html },
      async handle() {
        const { landingPage } = await import('../pages/landing.ts')
        return landingPage()
      },
    }),
    defineRoute({
      method: 'get',
      path: '/docs',
      operationId: 'getApiReference',
      summary: 'The API on one page',
      tag: 'Documents',
      scope: null,
      responses: { 200: html },
      async handle() {
        const { apiReference } = await import('../pages/api-reference.ts')
        return apiReference(await described())
      },
    }),
    defineRoute({
      method: 'get',
      path: '/docs/errors/{code}',
      operationId: 'getErrorPage',
      summary: 'What an error code means, and what to do',
      tag: 'Documents',
      scope: null,
      params: z.object({ code: z.string() }),
      responses: { 200: html },
      async handle({ params }) {
        const { errorPage } = await import('../pages/error-pages.ts')
        return errorPage(params.code)
      },
    }),
    defineRoute({
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This API as an OpenAPI 3.1 document',
      tag: 'Documents',
      scope: null,
      responses: {
        200: {
          description: 'The document',
          content: { [JSON_TYPE]: z.record(z.string(), z.unknown()) },
        },
      },
      async handle({ services }) {
        document ??= await made([...services.providers.values()])
        return jsonResponse(200, document)
      },
    }),
  ]
}
