import { type EndpointState, mintId } from '@latchkey/core'
import { mintWebhookSecret } from '@latchkey/crypto'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { fillPage } from '../http/fill-page.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { endpointId } from '../schemas/ids.ts'
import {
  createdEndpointSchema,
  endpointPatchBody,
  endpointSchema,
  newEndpointBody,
} from '../schemas/webhook-endpoint.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { isWithin, showEndpoint, visibleEndpoint } from './webhook-endpoint-view.ts'

const TAG = 'Webhook endpoints'
const params = z.object({ endpointId })
const endpointAnswer = {
  description: 'The endpoint',
  content: { [JSON_TYPE]: endpointSchema },
}

export const webhookEndpointRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Have events sent to a URL; the secret that signs them is shown this once',
    description:
      'Each event is sent as `{type, timestamp, data}`, where `data` is the event as `GET /v1/events` shows it, with the headers `webhook-id` (the event’s id), `webhook-timestamp` and `webhook-signature` of Standard Webhooks. An answer of 2xx within 15 seconds accepts it; redirects are not followed. What fails is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and no sooner than `Retry-After` asks; until then no later event of the same subject is sent. 410 disables the endpoint. An event may come twice, with the same `webhook-id`. The endpoint gets the events that the token sees which makes it.',
    tag: TAG,
    scope: 'webhooks:write',
    body: { [JSON_TYPE]: newEndpointBody },
    responses: {
      201: { description: 'Made', content: { [JSON_TYPE]: createdEndpointSchema } },
    },
    async handle(context) {
      const { request, services, principal } = context
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(newEndpointBody, parseJson(decodeText(body)), 'webhook endpoint')
      const { createEndpoint, newEndpoint } = await deliveryOperations()
      const secret = mintWebhookSecret(services.random)
      const at = services.clock.now()
      const state = await newEndpoint(services, {
        ...asked,
        id: mintId('endpoint', services.random),
        connections: principal.connections,
        secret,
        at,
      })
      const location = `/v1/webhook-endpoints/${state.id}`
      const answer = jsonStored(201, { ...showEndpoint(state, at), secret }, { location })
      return answerOnce<EndpointState>(context, {
        partition: 'registry',
        body,
        work: (by) => createEndpoint(services, by, state),
        render: () => answer,
        secretAnswer: answer,
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'List webhook endpoints, without their secrets',
    tag: TAG,
    scope: 'webhooks:read',
    query: z.object({ ...pagingQuery(endpointId), ...consistencyQuery }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(endpointSchema) } },
    },
    async handle({ services, query, principal }) {
      const { limit, cursor } = query
      const now = services.clock.now()
      const page = await fillPage<EndpointState>(
        services.ledger,
        { kind: 'endpoint', limit, ...(cursor === undefined ? {} : { cursor }) },
        (state) => isWithin(principal, state),
      )
      return jsonResponse(
        200,
        pageBody(page, ({ state }) => showEndpoint(state, now)),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhook-endpoints/{endpointId}',
    operationId: 'getWebhookEndpoint',
    summary: 'Get a webhook endpoint',
    tag: TAG,
    scope: 'webhooks:read',
    params,
    query: z.object(consistencyQuery),
    responses: { 200: endpointAnswer },
    async handle({ services, principal, params: { endpointId: id } }) {
      const state = await visibleEndpoint(services, principal, id)
      return jsonResponse(200, showEndpoint(state, services.clock.now()))
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/webhook-endpoints/{endpointId}',
    operationId: 'updateWebhookEndpoint',
    summary: 'Change where events are sent, which, or whether',
    description:
      'What is under way goes to the new URL. Disabling an endpoint ends its deliveries; they can be sent again by hand.',
    tag: TAG,
    scope: 'webhooks:write',
    params,
    body: { [JSON_TYPE]: endpointPatchBody },
    responses: { 200: endpointAnswer },
    async handle(context) {
      const { request, services, principal } = context
      const { endpointId: id } = context.params
      await visibleEndpoint(services, principal, id)
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(endpointPatchBody, parseJson(decodeText(body)), 'webhook endpoint')
      const patch = {
        ...(asked.url === undefined ? {} : { url: asked.url }),
        ...(asked.events === undefined ? {} : { events: asked.events }),
        ...(asked.status === undefined ? {} : { status: asked.status }),
      }
      const { updateEndpoint } = await deliveryOperations()
      return answerOnce<EndpointState>(context, {
        partition: 'registry',
        body,
        work: (by) => updateEndpoint(services, by, { id, patch }),
        render: (state) => jsonStored(200, showEndpoint(state, state.updatedAt)),
      })
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/webhook-endpoints/{endpointId}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint; nothing more is sent to it',
    tag: TAG,
    scope: 'webhooks:write',
    params,
    responses: { 204: { description: 'Deleted' } },
    async handle(context) {
      const { services, principal } = context
      const { endpointId: id } = context.params
      const { deleteEndpoint } = await deliveryOperations()
      return answerOnce<null>(context, {
        partition: 'registry',
        body: new Uint8Array(),
        async work(by) {
          await visibleEndpoint(services, principal, id)
          await deleteEndpoint(services, by, id)
          return null
        },
        render: () => NO_CONTENT,
      })
    },
  }),
]
