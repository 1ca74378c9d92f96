import * as z from 'zod'
import { complaints } from '../../support/json-schema.ts'

const schemaNode = z.record(z.string(), z.unknown())
const content = z.record(
  z.string(),
  z.object({
    schema: schemaNode,
    examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
  }),
)
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: schemaNode,
})

const operation = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(parameter),
  requestBody: z.object({ required: z.literal(true), content }).optional(),
  responses: z.record(
    z.string().regex(/^(?:[1-5]\d\d|default)$/),
    z.object({ description: z.string(), content: content.optional() }),
  ),
})

/** As much of OpenAPI 3.1's own schema as Latchkey's document makes use of; anything else in it is refused. */
export const openApiSchema = z.object({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.string().min(1) })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete']), operation),
  ),
  components: z.object({
    schemas: z.record(z.string(), schemaNode),
    securitySchemes: z.record(z.string(), schemaNode),
  }),
})

export type OpenApiDocument = z.infer<typeof openApiSchema>
export type Operation = z.infer<typeof operation>

export interface FoundOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** Every operation of a document. */
export function operationsOf(document: OpenApiDocument): readonly FoundOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]) => ({ method, path, operation: found })),
  )
}

/** The operation that serves a request; a path without parameters goes before one with. */
export function findOperation(
  document: OpenApiDocument,
  method: string,
  path: string,
): Operation | null {
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase()
  const found = operationsOf(document)
    .filter((each) => each.method === asked && templateMatches(each.path, path))
    .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)
  return found[0]?.operation ?? null
}

function templateMatches(template: string, path: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith('{') ? given[index] !== '' : part === given[index],
    )
  )
}

/** The examples of an operation's JSON body. */
export function examplesOf({ requestBody }: Operation): readonly unknown[] {
  const body = requestBody?.content['application/json']
  const named = Object.values(body?.examples ?? {}).map(({ value }) => value)
  return [...named, ...z.array(z.unknown()).parse(body?.schema['examples'] ?? [])]
}

/** What a value has against it by a schema of the document, taken at its word: what is not in it may not be there. */
export function complaintsBy(
  document: OpenApiDocument,
  schema: unknown,
  value: unknown,
): readonly string[] {
  const root = closedComponents.get(document) ?? closed({ components: document.components })
  closedComponents.set(document, root)
  return complaints(closed(schema), value, root)
}

const closedComponents = new WeakMap<OpenApiDocument, unknown>()

/**
 * The same schema with every object closed that does not say what else it may hold. Callers are told that fields may
 * be added; but a field that is there now has to be in the document.
 */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      // What stands there are names of schemas, or values.
      if (key === 'properties' || key === 'schemas') return [key, closedEach(value)]
      return key === 'examples' || key === 'default' ? [key, value] : [key, closed(value)]
    }),
  )
  const open = !('properties' in copy) || 'additionalProperties' in copy
  return open ? copy : { ...copy, additionalProperties: false }
}

function closedEach(schemas: unknown): unknown {
  const named = z.record(z.string(), z.unknown()).parse(schemas)
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, closed(schema)]))
}
