import { allRoutes } from '@latchkey/api'
import { FAULTS } from '@latchkey/core'
import { providers } from '@latchkey/providers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call } from '../harness/client.ts'
import { readDocument } from '../harness/conforming.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { complaintsBy, examplesOf, type OpenApiDocument, operationsOf } from '../harness/openapi.ts'

const nobody = { authenticate: () => Promise.reject(new Error('unused')), forget: () => undefined }
const served = {
  authenticator: nobody,
  limiter: { take: () => ({ headers: {}, fault: null }) },
  providers,
  version: 'test',
}
const node = z.record(z.string(), z.unknown())

/** The document is whole, true, and shown to people too. That every answer is as it says is checked everywhere. */
export function openApiSuite(open: OpenApi): void {
  describe('the OpenAPI document', () => {
    let api: ApiHarness
    let document: OpenApiDocument

    beforeAll(async () => {
      api = await open()
      document = await readDocument(api)
    })
    afterAll(() => api.close())

    test('refers to nothing that it has not', () => {
      const names = Object.keys(document.components.schemas)
      const references = nodesOf(document).flatMap(({ $ref }) =>
        typeof $ref === 'string' ? [$ref] : [],
      )
      expect(new Set(references)).toEqual(
        new Set(names.map((name) => `#/components/schemas/${name}`)),
      )
      for (const [name, schema] of Object.entries(document.components.schemas)) {
        expect([name, schema]).not.toEqual([name, { $ref: `#/components/schemas/${name}` }])
      }
    })

    test('has one operation of a name, each with its tag, its scope and its problem', () => {
      const operations = operationsOf(document)
      const ids = operations.map(({ operation }) => operation.operationId)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { operation } of operations) {
        expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/)
        expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json'])
        expect(Object.keys(operation.responses)).not.toEqual(['default'])
      }
    })

    test('declares the parameters of each path, each once', () => {
      for (const { path, operation } of operationsOf(document)) {
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        const declared = operation.parameters.filter((each) => each.in === 'path')
        expect([path, declared.map(({ name }) => name)]).toEqual([path, inPath])
        expect(declared.every(({ required }) => required)).toBe(true)
        const names = operation.parameters.map((each) => `${each.in} ${each.name.toLowerCase()}`)
        expect(new Set(names).size).toBe(names.length)
        for (const each of operation.parameters) {
          expect(complaintsBy(document, each.schema, {})).not.toEqual([])
        }
      }
    })

    test('has the routes that the API is made of, no more and no less', async () => {
      const documented = operationsOf(document).map(({ method, path }) => `${method} ${path}`)
      const routes = allRoutes(served).map(({ method, path }) => `${method} ${path}`)
      expect(documented.toSorted()).toEqual(routes.toSorted())
    })

    test('tells of routes that are served, and asks for a token where they do', async () => {
      for (const { method, path, operation } of operationsOf(document)) {
        const at = path.replace('{code}', 'internal').replaceAll(/\{\w+\}/g, 'x')
        const sent = await call(api, method.toUpperCase(), at, { token: null })
        const isOpen = operation.security?.length === 0
        // What carries a signature in place of a token is for something, which is not there.
        const whenOpen = at === path || path.includes('{code}') ? 200 : 404
        expect([operation.operationId, sent.status]).toEqual([
          operation.operationId,
          isOpen ? whenOpen : 401,
        ])
      }
    })

    test('tells of GETs that answer HEAD with the same status and headers', async () => {
      for (const { method, path } of operationsOf(document)) {
        if (method !== 'get') continue
        const at = path.replace('{code}', 'internal').replaceAll(/\{\w+\}/g, 'con_0000000000000000')
        const [head, same] = [await call(api, 'HEAD', at), await call(api, 'GET', at)]
        expect([path, head.status, head.text]).toEqual([path, same.status, ''])
        expect(head.headers.get('content-type')).toBe(same.headers.get('content-type'))
        expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0)
      }
    })

    // A client that has just written something asks so wherever it reads, without knowing what is projected.
    test('takes `consistency` on every read of the API', () => {
      const reads = operationsOf(document).filter(({ method, path }) => {
        return method === 'get' && path.startsWith('/v1/') && !path.startsWith('/v1/webhooks/')
      })
      for (const { path, operation } of reads) {
        const names = operation.parameters.map(({ name }) => name)
        expect([path, names]).toEqual([path, expect.arrayContaining(['consistency'])])
      }
    })

    test('closes what is sent and leaves open what is answered', () => {
      for (const { operation } of operationsOf(document)) {
        const { requestBody, responses } = operation
        const answers = Object.values(responses).flatMap(({ content }) =>
          Object.values(content ?? {}),
        )
        for (const { schema } of answers) {
          expect(nodesOf(schema).map((each) => each['additionalProperties'])).not.toContain(false)
        }
        const sent = requestBody?.content['application/json']?.schema
        if (sent === undefined) continue
        const forms = [sent, ...z.array(node).parse(sent['anyOf'] ?? [])]
        expect(forms.some((each) => each['additionalProperties'] === false)).toBe(true)
      }
    })

    test('gives examples of every body, which are as the document says', () => {
      for (const { operation } of operationsOf(document)) {
        const body = operation.requestBody?.content['application/json']?.schema
        if (body === undefined) continue
        const examples = examplesOf(operation)
        expect([operation.operationId, examples.length > 0]).toEqual([operation.operationId, true])
        for (const example of examples) expect(complaintsBy(document, body, example)).toEqual([])
      }
      for (const [name, schema] of Object.entries(document.components.schemas)) {
        for (const example of z.array(z.unknown()).parse(schema['examples'] ?? [])) {
          expect([name, complaintsBy(document, schema, example)]).toEqual([name, []])
        }
      }
    })

    test('gives examples that work', async () => {
      for (const path of ['/v1/connections', '/v1/tokens']) {
        const operation = document.paths[path]?.post
        for (const json of operation === undefined ? [] : examplesOf(operation)) {
          const sent = await call(api, 'POST', path, { json })
          expect([sent.text, sent.status]).toEqual([sent.text, 201])
        }
      }
    })

    test('is shown at /docs, route by route', async () => {
      const page = await call(api, 'GET', '/docs', { token: null })
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      for (const { method, path, operation } of operationsOf(document)) {
        const row = `<tr><td><code>${method.toUpperCase()}</code></td>\n<td><code>${path}</code><br>${operation.summary}`
        expect(page.text).toContain(row)
      }
    })

    test('knows every problem that there is', () => {
      const problem = z.object({
        properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }),
      })
      const { properties } = problem.parse(document.components.schemas['Problem'])
      expect(properties.code.enum).toEqual(Object.keys(FAULTS))
    })
  })
}

/** Every object in a JSON value, itself included. */
function nodesOf(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (typeof value !== 'object' || value === null) return []
  return [node.parse(value), ...Object.values(value).flatMap(nodesOf)]
}
