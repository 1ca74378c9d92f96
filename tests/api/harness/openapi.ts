import * as z from 'zod'

const schemaNode = z.record(z.string(), z.unknown())
const content = z.record(z.string(), z.object({ schema: schemaNode }))
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

/** A schema of the document, with the components that it refers to, as one that checks. */
export function compileSchema(document: OpenApiDocument, schema: unknown): z.ZodType {
  const definitions = document.components.schemas
  const whole = closed({ allOf: [schema], $defs: definitions })
  return z.fromJSONSchema(z.record(z.string(), z.json()).parse(whole))
}

/**
 * The same schema with every object closed that does not say what else it may hold. Callers are told that fields may
 * be added; but a field that is there now has to be in the document.
 */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string') {
        return [key, value.replace('#/components/schemas/', '#/$defs/')]
      }
      return [key, closed(value)]
    }),
  )
  const open = !('properties' in copy) || 'additionalProperties' in copy
  return open ? copy : { ...copy, additionalProperties: false }
}
