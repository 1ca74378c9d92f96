import {
  checkConnection,
  type ConnectionState,
  createConnection,
  deleteConnection,
  type Discovery,
  discoverNumbers,
  readConnection,
  requireSight,
  requireUnlimited,
  sightOf,
  toTimestamp,
  updateConnection,
} from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, flag, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import { problemOf } from '../http/problem.ts'
import { originOf } from '../http/route-context.ts'
import { shownPath } from '../http/shown-path.ts'
import type { Route } from '../route.ts'
import {
  checkSchema,
  connectionPatchBody,
  connectionSchema,
  discoverySchema,
  newConnectionBody,
} from '../schemas/connection.ts'
import { connectionId } from '../schemas/ids.ts'
import { showNumber } from './number-view.ts'

const params = z.object({ connectionId })
const connectionAnswer = {
  description: 'The connection',
  content: { [JSON_TYPE]: connectionSchema },
}

export const connectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/connections',
    operationId: 'createConnection',
    summary: 'Connect an upstream',
    tag: 'Connections',
    scope: 'connections:write',
    body: { [JSON_TYPE]: newConnectionBody },
    examples: (providers) =>
      Object.fromEntries(
        providers.map(({ id, title, config, credentials }) => [
          id,
          {
            provider: id,
            name: title,
            config: exampleOf(config),
            credentials: exampleOf(credentials),
          },
        ]),
      ),
    responses: { 201: { ...connectionAnswer, description: 'Connected' } },
    async handle(context) {
      const { request, services, principal } = context
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const draft = parseWith(newConnectionBody, parseJson(decodeText(body)), 'connection')
      requireUnlimited(principal)
      return answerOnce<ConnectionState>(context, {
        partition: 'registry',
        body,
        work: (by) => createConnection(services, by, draft),
        render: (made) =>
          jsonStored(201, showConnection(made), { location: `/v1/connections/${made.id}` }),
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/connections',
    operationId: 'listConnections',
    summary: 'List connections',
    tag: 'Connections',
    scope: 'connections:read',
    query: z.object({
      ...pagingQuery(connectionId),
      ...consistencyQuery,
      provider: z.string().max(50).optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(connectionSchema) } },
    },
    async handle({ services, query, principal }) {
      const page = await services.ledger.list<ConnectionState>({
        kind: 'connection',
        limit: query.limit,
        ...sightOf(principal),
        ...(query.provider === undefined ? {} : { where: { provider: query.provider } }),
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      })
      return jsonResponse(
        200,
        pageBody(page, (row) => showConnection(row.state)),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/connections/{connectionId}',
    operationId: 'getConnection',
    summary: 'Get a connection, without its credentials',
    tag: 'Connections',
    scope: 'connections:read',
    params,
    query: z.object(consistencyQuery),
    responses: { 200: connectionAnswer },
    async handle({ services, params: { connectionId: id }, principal }) {
      requireSight(principal, id, { noun: 'connection', id })
      return jsonResponse(200, showConnection(await readConnection(services, id)))
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/connections/{connectionId}',
    operationId: 'updateConnection',
    summary: 'Change name, config or credentials; null removes an optional field',
    tag: 'Connections',
    scope: 'connections:write',
    params,
    body: { [JSON_TYPE]: connectionPatchBody },
    responses: { 200: connectionAnswer },
    async handle(context) {
      const { request, services, principal } = context
      const { connectionId: id } = context.params
      requireSight(principal, id, { noun: 'connection', id })
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(connectionPatchBody, parseJson(decodeText(body)), 'connection')
      const patch = {
        ...(asked.name === undefined ? {} : { name: asked.name }),
        ...(asked.config === undefined ? {} : { config: asked.config }),
        ...(asked.credentials === undefined ? {} : { credentials: asked.credentials }),
      }
      return answerOnce<ConnectionState>(context, {
        partition: 'registry',
        body,
        work: (by) => updateConnection(services, by, { id, patch }),
        render: (changed) => jsonStored(200, showConnection(changed)),
      })
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/connections/{connectionId}',
    operationId: 'deleteConnection',
    summary: 'Delete a connection; what is published stays published',
    tag: 'Connections',
    scope: 'connections:write',
    params,
    query: z.object({
      cascade: flag(false).describe('Delete its numbers too'),
    }),
    responses: { 204: { description: 'Deleted' } },
    async handle(context) {
      const { services, principal, query } = context
      const { connectionId: id } = context.params
      requireSight(principal, id, { noun: 'connection', id })
      return answerOnce<null>(context, {
        partition: 'registry',
        body: new Uint8Array(),
        async work(by) {
          await deleteConnection(services, by, { id, cascade: query.cascade })
          return null
        },
        render: () => NO_CONTENT,
      })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{connectionId}/check',
    operationId: 'checkConnection',
    summary: 'Call the upstream’s cheapest harmless read',
    description:
      'Answers 200 whatever the upstream says. `ok` is null where nothing can be sent safely.',
    tag: 'Connections',
    scope: 'connections:read',
    params,
    responses: {
      200: { description: 'What came of it', content: { [JSON_TYPE]: checkSchema } },
    },
    async handle(context) {
      const { services, principal, requestId, request } = context
      const { connectionId: id } = context.params
      requireSight(principal, id, { noun: 'connection', id })
      const { ok, latencyMs, pressure, fault } = await checkConnection(services, id)
      const { url } = request
      const shown = { origin: originOf(url), instance: shownPath(url), requestId }
      return jsonResponse(200, {
        ok,
        latencyMs,
        pressure,
        ...(fault === null ? {} : { problem: problemOf(fault, shown) }),
      })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{connectionId}/discover',
    operationId: 'discoverNumbers',
    summary: 'Add the numbers that the upstream lists and Latchkey does not know',
    tag: 'Connections',
    scope: 'numbers:write',
    params,
    responses: {
      200: { description: 'What was found', content: { [JSON_TYPE]: discoverySchema } },
    },
    async handle(context) {
      const { services, principal } = context
      const { connectionId: id } = context.params
      requireSight(principal, id, { noun: 'connection', id })
      return answerOnce<Discovery>(context, {
        partition: 'registry',
        body: new Uint8Array(),
        completeOn: { kind: 'connection', id },
        work: ({ actor }) => discoverNumbers(services, actor, id),
        render: ({ added, known }) =>
          jsonStored(200, { added: added.map((state) => showNumber(services, state)), known }),
      })
    },
  }),
]

/** A connection as it is shown: of its credentials only which are set, and since when. */
export function showConnection(state: ConnectionState): z.infer<typeof connectionSchema> {
  return {
    id: state.id,
    provider: state.provider,
    name: state.name,
    config: state.config,
    credentials: Object.fromEntries(
      Object.entries(state.credentialsSetAt).map(([name, at]) => [
        name,
        { set: true, updatedAt: toTimestamp(at) },
      ]),
    ),
    createdAt: toTimestamp(state.createdAt),
    updatedAt: toTimestamp(state.updatedAt),
  }
}

function exampleOf(schema: z.ZodType): unknown {
  const examples = schema.meta()?.['examples']
  return Array.isArray(examples) ? examples[0] : {}
}
