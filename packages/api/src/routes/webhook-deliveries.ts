import { type DeliveryState, type EndpointState, SECOND, toTimestamp } from '@latchkey/core'
import { mintWebhookSecret } from '@latchkey/crypto'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { deliveryId, endpointId } from '../schemas/ids.ts'
import {
  deliverySchema,
  deliveryStatus,
  rotatedSecretSchema,
  rotateSecretBody,
} from '../schemas/webhook-endpoint.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { showDelivery, visibleEndpoint } from './webhook-endpoint-view.ts'

const TAG = 'Webhook endpoints'
const params = z.object({ endpointId })

export const webhookDeliveryRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/webhook-endpoints/{endpointId}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Sign with a new secret, which is shown this once',
    description:
      'For the overlap each webhook carries a signature of both. One that is rotated again meanwhile signs with the last two.',
    tag: TAG,
    scope: 'webhooks:write',
    params,
    body: { [JSON_TYPE]: rotateSecretBody },
    responses: {
      200: { description: 'The new secret', content: { [JSON_TYPE]: rotatedSecretSchema } },
    },
    async handle(context) {
      const { request, services, principal } = context
      const { endpointId: id } = context.params
      await visibleEndpoint(services, principal, id)
      const body = await readBody(request)
      if (body.byteLength > 0) requireMediaType(request, [JSON_TYPE])
      const given = body.byteLength === 0 ? {} : parseJson(decodeText(body))
      const asked = parseWith(rotateSecretBody, given, 'rotation')
      const secret = mintWebhookSecret(services.random)
      const at = services.clock.now()
      const overlapMs = asked.overlapSeconds * SECOND
      const answer = jsonStored(200, {
        id,
        secret,
        previousExpiresAt: toTimestamp(at + overlapMs),
      })
      const { rotateEndpointSecret } = await deliveryOperations()
      return answerOnce<EndpointState>(context, {
        partition: 'registry',
        body,
        work: (by) => rotateEndpointSecret(services, by, { id, secret, at, overlapMs }),
        render: () => answer,
        secretAnswer: answer,
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhook-endpoints/{endpointId}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'What was sent to an endpoint and what came of it, the newest event first',
    description: 'A delivery is kept for a week after it has ended.',
    tag: TAG,
    scope: 'webhooks:read',
    params,
    query: z.object({
      ...pagingQuery(deliveryId),
      ...consistencyQuery,
      status: deliveryStatus.optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(deliverySchema) } },
    },
    async handle({ services, query, principal, params: { endpointId: id } }) {
      const { limit, cursor, status } = query
      await visibleEndpoint(services, principal, id)
      const page = await services.ledger.list<DeliveryState>({
        kind: 'delivery',
        where: { endpoint: id, ...(status === undefined ? {} : { status }) },
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      })
      return jsonResponse(
        200,
        pageBody(page, ({ state }) => showDelivery(state)),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver',
    operationId: 'redeliverWebhook',
    summary: 'Send an event once more, or try it now',
    description:
      'One that has ended is sent again with all the attempts of the schedule, and does not wait for others. One that is pending is tried at once, unless an earlier event of its subject is under way.',
    tag: TAG,
    scope: 'webhooks:write',
    params: params.extend({ deliveryId }),
    responses: {
      202: { description: 'The delivery', content: { [JSON_TYPE]: deliverySchema } },
    },
    async handle(context) {
      const { services, principal, request } = context
      const { endpointId: endpoint, deliveryId: delivery } = context.params
      const body = await readBody(request)
      await visibleEndpoint(services, principal, endpoint)
      const { redeliver } = await deliveryOperations()
      return answerOnce<DeliveryState>(context, {
        partition: 'registry',
        body,
        work: (by) => redeliver(services, by, { endpointId: endpoint, deliveryId: delivery }),
        render: (state) => jsonStored(202, showDelivery(state)),
      })
    },
  }),
]
