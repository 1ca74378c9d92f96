import type { Provider } from '@latchkey/core'
import * as z from 'zod'
import { JSON_TYPE } from '../http/json.ts'
import { PROBLEM_TYPE } from '../http/problem.ts'
import { problemSchema } from '../schemas/problem.ts'
import type { Route } from '../route.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of these routes, made from the schemas that validate. */
export function openApiDocument(
  routes: readonly Route[],
  version: string,
  providers: readonly Provider[],
): Json {
  const components = new Map<string, unknown>()
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => toSchema(schema, io, components)
  const paths: Record<string, Record<string, unknown>> = {}
  const problem = schemaOf(problemSchema, 'output')
  for (const route of routes) {
    const methods = (paths[route.path] ??= {})
    methods[route.method] = operation(route, { schemaOf, problem, providers })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version,
      description:
        'One REST facade for the keys and certificates that live on other people’s systems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A Latchkey token (`lk_…`), or a JWT of a configured issuer with the claims `scope` and, for some connections alone, `latchkey_connections`. Where the keys of its issuer cannot be read, the answer is `upstream_unavailable`: try again',
        },
      },
    },
  }
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => unknown

function operation(
  route: Route,
  {
    schemaOf,
    problem,
    providers,
  }: { schemaOf: SchemaOf; problem: unknown; providers: readonly Provider[] },
): Json {
  const responses = Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, content }]) => [
      status,
      {
        description,
        ...(content === undefined ? {} : { content: contentOf(content, schemaOf, 'output') }),
      },
    ]),
  )
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    ...(route.scope === null ? { security: [] } : { 'x-scope': route.scope }),
    parameters: parametersOf(route, schemaOf),
    ...(route.body === undefined
      ? {}
      : { requestBody: requestBody(route, route.body, schemaOf, providers) }),
    responses: {
      ...responses,
      default: {
        description: 'A problem (RFC 9457)',
        content: { [PROBLEM_TYPE]: { schema: problem } },
      },
    },
  }
}

function requestBody(
  route: Route,
  body: Readonly<Record<string, z.ZodType>>,
  schemaOf: SchemaOf,
  providers: readonly Provider[],
): Json {
  const content = contentOf(body, schemaOf, 'input')
  const examples = Object.entries(route.examples?.(providers) ?? {}).map(
    ([name, value]) => [name, { value }] as const,
  )
  if (examples.length === 0) return { required: true, content }
  const example = { ...content[JSON_TYPE], examples: Object.fromEntries(examples) }
  return { required: true, content: { ...content, [JSON_TYPE]: example } }
}

function contentOf(
  content: Readonly<Record<string, z.ZodType>>,
  schemaOf: SchemaOf,
  io: 'input' | 'output',
): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schemaOf(schema, io) }]),
  )
}

function parametersOf(route: Route, schemaOf: SchemaOf): readonly Json[] {
  // A POST that only asks has nothing to be done once.
  const writes = route.method !== 'get' && route.scope?.endsWith(':read') === false
  const headers = {
    ...route.headers,
    ...(writes ? { 'Idempotency-Key': 'A repeat with the same key gets the first answer' } : {}),
  }
  return [
    ...Object.entries<z.core.$ZodType>(route.params.shape).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: schemaOf(asType(schema), 'input'),
    })),
    ...Object.entries<z.core.$ZodType>(route.query.shape).map(([name, schema]) => ({
      name,
      in: 'query',
      required: false,
      schema: schemaOf(asType(schema), 'input'),
    })),
    ...Object.entries(headers).map(([name, description]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    })),
  ]
}

function asType(schema: z.core.$ZodType): z.ZodType {
  // Every schema made by zod's classic API, the only one used here, is a ZodType.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return schema as z.ZodType
}

/** One schema as JSON Schema; those with an id become components, referred to. */
function toSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Map<string, unknown>,
): unknown {
  const document = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // Answers may gain fields: a caller that checks them by this document must not break on one.
      const closed = jsonSchema.additionalProperties === false
      if (io === 'output' && closed) delete jsonSchema.additionalProperties
    },
  })
  const { $schema: _, $defs: definitions, ...body } = document
  for (const [name, definition] of Object.entries(definitions ?? {})) {
    components.set(name, relink(definition))
  }
  return relink(body)
}

/** Moves references from a document's own `$defs` to the components. */
function relink(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(relink)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string') {
        return [key, value.replace('#/$defs/', '#/components/schemas/')]
      }
      return [key, relink(value)]
    }),
  )
}
