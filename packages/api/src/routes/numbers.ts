import {
  connectionPartition,
  createNumber,
  deleteNumber,
  type ListQuery,
  type NumberState,
  partitionOf,
  relabelNumber,
  type Principal,
  requireSight,
  sees,
  sightOf,
} from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { connectionId, numberId } from '../schemas/ids.ts'
import { signatureStatus } from '../schemas/encryption-key.ts'
import { newNumberBody, numberPatchBody, numberSchema } from '../schemas/number.ts'
import { showNumber } from './number-view.ts'
import { requireNumberSight, visibleNumber } from './visible-number.ts'

const params = z.object({ numberId })
const numberAnswer = { description: 'The number', content: { [JSON_TYPE]: numberSchema } }

export const numberRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/numbers',
    operationId: 'createNumber',
    summary: 'Add a number to a connection',
    tag: 'Numbers',
    scope: 'numbers:write',
    body: { [JSON_TYPE]: newNumberBody },
    responses: { 201: { ...numberAnswer, description: 'Added' } },
    async handle(context) {
      const { request, services, principal } = context
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(newNumberBody, parseJson(decodeText(body)), 'number')
      const { connectionId: id } = asked
      requireSight(principal, id, { noun: 'connection', id })
      const draft = { ...asked, label: asked.label ?? null }
      return answerOnce<NumberState>(context, {
        partition: connectionPartition(id),
        body,
        work: (by) => createNumber(services, by, draft),
        render: (made) =>
          jsonStored(201, showNumber(services, made), { location: `/v1/numbers/${made.id}` }),
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/numbers',
    operationId: 'listNumbers',
    summary: 'List numbers',
    tag: 'Numbers',
    scope: 'numbers:read',
    query: z.object({
      ...pagingQuery(numberId),
      ...consistencyQuery,
      connectionId: connectionId.optional(),
      provider: z.string().max(50).optional(),
      inSync: z.enum(['true', 'false', 'null']).optional(),
      signatureStatus: signatureStatus.optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(numberSchema) } },
    },
    async handle({ services, query, principal }) {
      const { limit, cursor, consistency: _, connectionId: within, ...filters } = query
      const where = Object.fromEntries(
        Object.entries(filters).filter(
          (filter): filter is [string, string] => filter[1] !== undefined,
        ),
      )
      const listQuery: ListQuery = {
        kind: 'number',
        where,
        // Numbers of a connection lie next to each other: as a filter it would lead through those of all others.
        ...(within === undefined ? sightOf(principal) : { connections: seen(principal, within) }),
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      }
      const page = await services.ledger.list<NumberState>(listQuery)
      return jsonResponse(
        200,
        pageBody(page, (row) => showNumber(services, row.state)),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/numbers/{numberId}',
    operationId: 'getNumber',
    summary: 'Get a number',
    tag: 'Numbers',
    scope: 'numbers:read',
    params,
    query: z.object(consistencyQuery),
    responses: { 200: numberAnswer },
    async handle(context) {
      return jsonResponse(200, showNumber(context.services, await visibleNumber(context)))
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/numbers/{numberId}',
    operationId: 'updateNumber',
    summary: 'Change a number’s label',
    tag: 'Numbers',
    scope: 'numbers:write',
    params,
    body: { [JSON_TYPE]: numberPatchBody },
    responses: { 200: numberAnswer },
    async handle(context) {
      const { request, services } = context
      requireNumberSight(context)
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const { label } = parseWith(numberPatchBody, parseJson(decodeText(body)), 'number')
      return answerOnce<NumberState>(context, {
        partition: partitionOf({ kind: 'number', id: context.params.numberId }),
        body,
        work: (by) => relabelNumber(services, by, { id: context.params.numberId, label }),
        render: (changed) => jsonStored(200, showNumber(services, changed)),
      })
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/numbers/{numberId}',
    operationId: 'deleteNumber',
    summary: 'Forget a number; its key stays at the upstream as it is',
    tag: 'Numbers',
    scope: 'numbers:write',
    params,
    responses: { 204: { description: 'Forgotten' } },
    async handle(context) {
      const { services } = context
      requireNumberSight(context)
      return answerOnce<null>(context, {
        partition: partitionOf({ kind: 'number', id: context.params.numberId }),
        body: new Uint8Array(),
        async work(by) {
          await deleteNumber(services, by, context.params.numberId)
          return null
        },
        render: () => NO_CONTENT,
      })
    },
  }),
]

/** A connection, if it may be known of. */
function seen(principal: Principal, id: string): readonly string[] {
  return sees(principal, id) ? [id] : []
}
