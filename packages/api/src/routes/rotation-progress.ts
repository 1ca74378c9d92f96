import type { RotationState } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { EVENT_STREAM_TYPE, eventStream } from '../http/event-stream.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import { consistencyQuery, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { rotationNumberSchema, rotationNumberStatus } from '../schemas/rotation.ts'
import { rotationOperations } from './rotation-operations.ts'
import { showEntry, showRotation } from './rotation-view.ts'
import { rotationParams, visibleRotation } from './rotations.ts'

/** Where the next page begins: a stripe, and a number in it. */
const place = z.string().regex(/^\d{1,6}\.\d{1,6}$/, 'Must be `nextCursor` of the page before')

export const rotationProgressRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/v1/rotations/{rotationId}/numbers',
    operationId: 'listRotationNumbers',
    summary: 'List a rotation’s numbers, with the problem where one failed',
    tag: 'Rotations',
    scope: 'rotations:read',
    params: rotationParams,
    query: z.object({
      ...pagingQuery(place),
      ...consistencyQuery,
      status: rotationNumberStatus.optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(rotationNumberSchema) } },
    },
    async handle(context) {
      const { services, query } = context
      const rotation = await visibleRotation(context)
      const { readStripes } = await rotationOperations()
      const [stripe = 0, entry = 0] = (query.cursor ?? '0.0').split('.').map(Number)
      const data: z.infer<typeof rotationNumberSchema>[] = []
      for (let at = stripe; at < rotation.stripes.length; at += 1) {
        const [read] = await readStripes(services, { stripes: rotation.stripes.slice(at, at + 1) })
        if (read === undefined) continue
        for (let index = at === stripe ? entry : 0; index < read.entries.length; index += 1) {
          const found = read.entries[index]
          if (found === undefined || (query.status ?? found.status) !== found.status) continue
          if (data.length === query.limit) {
            return jsonResponse(200, { data, nextCursor: `${at}.${index}` })
          }
          data.push(showEntry(read, found))
        }
      }
      return jsonResponse(200, { data, nextCursor: null })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rotations/{rotationId}/events',
    operationId: 'followRotation',
    summary: 'Follow a rotation as it happens',
    description:
      'Server-Sent Events: `progress`, and `finished` at the end. The stream closes after a minute; who comes back with `Last-Event-ID` gets what is new.',
    tag: 'Rotations',
    scope: 'rotations:read',
    params: rotationParams,
    query: z.object(consistencyQuery),
    headers: { 'Last-Event-ID': 'The last event that was seen' },
    responses: {
      200: { description: 'The stream', content: { [EVENT_STREAM_TYPE]: z.string() } },
      204: { description: 'It has finished, and the last event was seen' },
    },
    async handle(context) {
      const { request, services, params } = context
      await visibleRotation(context)
      return eventStream(services.clock, request.headers.get('last-event-id'), async () => {
        const key = { kind: 'rotation', id: params.rotationId } as const
        const { state, version } = (await services.ledger.read<RotationState>(key)) ?? {
          state: await visibleRotation(context),
          version: 0,
        }
        const isLast = state.stripes.every(({ done }) => done) && state.finishedAt !== null
        const event = isLast ? 'finished' : 'progress'
        return { message: { id: String(version), event, data: showRotation(state) }, isLast }
      })
    },
  }),
]
