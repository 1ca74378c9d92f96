import { Fault, type Principal, type RotationState, SECOND, sees } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import type { RouteContext } from '../http/context.ts'
import { fillPage } from '../http/fill-page.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { rotationId } from '../schemas/ids.ts'
import {
  dryRunSchema,
  newRotationBody,
  rotationSchema,
  rotationStatus,
} from '../schemas/rotation.ts'
import { rotationOperations } from './rotation-operations.ts'
import { showRotation } from './rotation-view.ts'
import { visibleKey } from './visible-key.ts'

export const rotationParams = z.object({ rotationId })
const CHANGES = {
  cancel: {
    summary: 'Begin with no further number',
    description: 'What has begun is ended; the others stay `pending`.',
  },
  rollback: {
    summary: 'Publish what each number had before',
    description:
      'A rotation of its own, whose URL is in `Location`. A number that has moved on since is left alone.',
  },
  retry: {
    summary: 'Try the failed numbers again',
    description: 'Of a rotation that has finished; the same rotation runs again.',
  },
} as const
const rotationAnswer = { [JSON_TYPE]: rotationSchema }

export const rotationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/rotations',
    operationId: 'startRotation',
    summary: 'Give numbers a new key, one after the other, without downtime',
    description:
      'For each number: the key is stored, published, and read back until the upstream shows it as valid; what it replaces is kept for the overlap. A number is in one running rotation at a time.',
    tag: 'Rotations',
    scope: 'rotations:write',
    body: { [JSON_TYPE]: newRotationBody },
    responses: {
      200: { description: 'A dry run', content: { [JSON_TYPE]: dryRunSchema } },
      202: { description: 'Started', content: rotationAnswer },
    },
    async handle(context) {
      const { request, services, principal } = context
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(newRotationBody, parseJson(decodeText(body)), 'rotation')
      const { numbers, key } = asked
      if ('keyId' in key) await visibleKey(services, principal, key.keyId)
      const wanted = {
        selector: Array.isArray(numbers) ? { numbers } : given(numbers),
        key,
        overlapMs: asked.overlapSeconds * SECOND,
      }
      const { startRotation, tryRotation } = await rotationOperations()
      if (asked.dryRun) {
        const by = { sees: (id: string) => sees(principal, id) }
        const counts = await tryRotation(services, by, wanted)
        return jsonResponse(200, { id: null, dryRun: true, counts })
      }
      return answerOnce<RotationState>(context, {
        partition: 'registry',
        body,
        work: (by) => startRotation(services, by, wanted),
        render: accepted,
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rotations',
    operationId: 'listRotations',
    summary: 'List rotations',
    tag: 'Rotations',
    scope: 'rotations:read',
    query: z.object({
      ...pagingQuery(rotationId),
      ...consistencyQuery,
      status: rotationStatus.optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(rotationSchema) } },
    },
    async handle({ services, query, principal }) {
      const { limit, cursor, status } = query
      const page = await fillPage<RotationState>(
        services.ledger,
        {
          kind: 'rotation',
          limit,
          ...(cursor === undefined ? {} : { cursor }),
          ...(status === undefined ? {} : { where: { status } }),
        },
        (state) => within(principal, state),
      )
      return jsonResponse(
        200,
        pageBody(page, ({ state }) => showRotation(state)),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rotations/{rotationId}',
    operationId: 'getRotation',
    summary: 'Get a rotation: how far it is, or what it came to',
    tag: 'Rotations',
    scope: 'rotations:read',
    params: rotationParams,
    query: z.object(consistencyQuery),
    responses: { 200: { description: 'The rotation', content: rotationAnswer } },
    async handle(context) {
      return jsonResponse(200, showRotation(await visibleRotation(context)))
    },
  }),
  ...(['cancel', 'rollback', 'retry'] as const).map((doing) =>
    defineRoute({
      method: 'post',
      path: `/v1/rotations/{rotationId}/${doing}`,
      operationId: `${doing}Rotation`,
      ...CHANGES[doing],
      tag: 'Rotations',
      scope: 'rotations:write',
      params: rotationParams,
      responses: { 202: { description: 'Begun', content: rotationAnswer } },
      async handle(context) {
        const { services, params } = context
        const body = await readBody(context.request)
        await visibleRotation(context)
        const operations = await rotationOperations()
        const work = {
          cancel: operations.cancelRotation,
          rollback: operations.rollbackRotation,
          retry: operations.retryRotation,
        }[doing]
        return answerOnce<RotationState>(context, {
          partition: 'registry',
          body,
          work: (by) => work(services, by, params.rotationId),
          render: accepted,
        })
      },
    }),
  ),
]

function accepted(state: RotationState) {
  return jsonStored(202, showRotation(state), { location: `/v1/rotations/${state.id}` })
}

/** A selector with only what it names. */
function given(asked: object) {
  const connectionId = 'connectionId' in asked ? asked.connectionId : undefined
  const provider = 'provider' in asked ? asked.provider : undefined
  return {
    ...(typeof connectionId === 'string' ? { connectionId } : {}),
    ...(typeof provider === 'string' ? { provider } : {}),
  }
}

/** A token limited to connections sees rotations that are within them. */
function within(principal: Principal, { stripes }: RotationState): boolean {
  return stripes.every(({ connectionId }) => sees(principal, connectionId))
}

/** @throws Fault not_found */
export async function visibleRotation({
  services,
  principal,
  params,
}: Pick<
  RouteContext<z.output<typeof rotationParams>, unknown>,
  'services' | 'principal' | 'params'
>): Promise<RotationState> {
  const { readRotation } = await rotationOperations()
  const state = await readRotation(services, params.rotationId)
  if (within(principal, state)) return state
  throw new Fault('not_found', `Cannot find rotation "${params.rotationId}"`)
}
