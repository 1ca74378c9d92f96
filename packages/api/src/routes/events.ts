import {
  createLogVerifier,
  ensureDeployment,
  Fault,
  requireUnlimited,
  showEvent,
  sightOf,
} from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { timestamp } from '../schemas/ids.ts'

const eventSchema = z
  .object({
    id: z.string(),
    at: timestamp,
    type: z.string(),
    subject: z.string().describe('The id of what changed'),
    sequence: z.int().describe('1 for the subject’s first event'),
    actor: z.object({ kind: z.string(), id: z.string() }).describe('Who asked for it'),
    data: z.record(z.string(), z.unknown()),
    hash: z.string().describe('SHA-256 over the event and `previousHash`'),
    previousHash: z.string().nullable(),
  })
  .meta({ id: 'Event' })

/** Its place in the order of the list. */
const place = z.string().regex(/^\d{1,15}$/, 'Must be a cursor that was given out')

const anchorSchema = z
  .object({
    at: timestamp,
    subjects: z.int(),
    digest: z.string().describe('SHA-256 over the heads of all chains'),
    jws: z.string().describe('The same, signed; the key is in `/.well-known/latchkey.json`'),
    valid: z.boolean().describe('The chains still contain every head that was signed'),
  })
  .nullable()

const LISTED: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    summary: 'The audit log, oldest first',
    tag: 'Events',
    scope: 'events:read',
    query: z.object({
      ...pagingQuery(place),
      ...consistencyQuery,
      subject: z.string().max(200).optional().describe('The id of what changed'),
      type: z.string().max(100).optional(),
      after: z
        .union([z.iso.datetime(), z.string().regex(/^evt_[0-9a-f]{32}$/)])
        .optional()
        .describe('An event’s id, or a time; exclusive'),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(eventSchema) } },
    },
    async handle({ services, query, principal }) {
      const { subject, type, after, limit, cursor } = query
      const page = await services.ledger.events({
        limit,
        ...(subject === undefined ? {} : { subject }),
        ...(type === undefined ? {} : { type }),
        ...(after === undefined ? {} : { after: afterOf(after) }),
        ...sightOf(principal),
        ...(cursor === undefined ? {} : { cursor }),
      })
      return jsonResponse(200, pageBody(page, showEvent))
    },
  }),
  defineRoute({
    method: 'get',
    path: '/.well-known/latchkey.json',
    operationId: 'getDeployment',
    summary: 'The key that signs this deployment’s anchors',
    tag: 'Events',
    scope: null,
    responses: {
      200: {
        description: 'A JWK set (RFC 7517)',
        content: {
          [JSON_TYPE]: z.object({
            anchorKeys: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
          }),
        },
      },
    },
    async handle({ services }) {
      const { publicJwk } = await ensureDeployment(services)
      return jsonResponse(200, { anchorKeys: { keys: [publicJwk] } })
    },
  }),
]

export function eventRoutes(): readonly Route[] {
  const verify = createLogVerifier()
  return [
    ...LISTED,
    defineRoute({
      method: 'get',
      path: '/v1/events/verify',
      operationId: 'verifyEvents',
      summary: 'Recompute every chain of the audit log, and compare with the last signed anchor',
      tag: 'Events',
      scope: 'events:read',
      query: z.object({
        consistency: consistencyQuery.consistency.describe(
          '`strong`: one that begins now. Otherwise one of the last 5 seconds will do',
        ),
      }),
      responses: {
        200: {
          description: 'What was found',
          content: {
            [JSON_TYPE]: z.object({
              at: timestamp.describe('When it began; what came later may be left out'),
              valid: z.boolean(),
              checked: z.int().describe('Events'),
              subjects: z.int(),
              broken: z
                .array(z.object({ subject: z.string(), sequence: z.int() }))
                .describe('The first broken event of each broken chain, at most 100'),
              anchor: anchorSchema,
            }),
          },
        },
      },
      async handle({ services, principal, query }) {
        requireUnlimited(principal)
        return jsonResponse(200, await verify(services, { afresh: query.consistency === 'strong' }))
      },
    }),
  ]
}

function afterOf(after: string): string | number {
  if (after.startsWith('evt_')) return after
  const at = Date.parse(after)
  if (Number.isNaN(at)) throw new Fault('invalid_request', 'Cannot read "after" as a time')
  return at
}
