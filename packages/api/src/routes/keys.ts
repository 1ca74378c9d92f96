import { Fault, type Principal, type RingKeyState, sees, seesKey } from '@latchkey/core'
import type { KeyUsage } from '@latchkey/core/keyring'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import type { RouteContext } from '../http/context.ts'
import { fillPage } from '../http/fill-page.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { keyId } from '../schemas/ids.ts'
import {
  addedKeySchema,
  custody,
  keyFingerprint,
  newKeyBody,
  ringKeySchema,
} from '../schemas/key.ts'
import { keyOperations } from './key-operations.ts'
import { NOT_USED, showKey } from './key-view.ts'
import { submittedRingKey } from './submitted-ring-key.ts'
import { visibleKey } from './visible-key.ts'

const params = z.object({ keyId })
/** How many numbers are named of one key, and how many connections asked themselves, so that what was just done shows. */
const ONE = { limit: 10_000, askedThemselves: 4 }
/** The same of each key of a list. */
const LISTED = { limit: 100, askedThemselves: 0 }

export const keyRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/keys',
    operationId: 'addKey',
    summary: 'Make a key pair, or bring one',
    description:
      'A private key is kept encrypted and never comes back. Of a public key alone it is known that it is yours.',
    tag: 'Keys',
    scope: 'keys:write',
    body: { [JSON_TYPE]: newKeyBody },
    responses: {
      201: { description: 'In the ring', content: { [JSON_TYPE]: addedKeySchema } },
    },
    async handle(context) {
      const { request, services, principal, timings } = context
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(newKeyBody, parseJson(decodeText(body)), 'key')
      const draft = { label: asked.label ?? null, sharedWith: principal.connections ?? [] }
      const given =
        'generate' in asked ? null : await timings.measure('crypto', () => submittedRingKey(asked))
      const operations = await keyOperations()
      const isVisible = (key: RingKeyState) => seesKey(principal, key)
      const make = () =>
        given === null
          ? operations.generatedKey(services, draft)
          : operations.givenKey(services, { ...draft, ...given }, isVisible)
      let usage = NOT_USED
      return answerOnce<RingKeyState>(context, {
        partition: 'registry',
        body,
        async work(by) {
          const key = await make()
          usage = await usageFor(context, key, ONE)
          return operations.storeKey(services, by, key, isVisible)
        },
        render: (key) =>
          jsonStored(
            201,
            { ...showKey(key, usage), warnings: given?.repairs ?? [] },
            { location: `/v1/keys/${key.id}` },
          ),
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/keys',
    operationId: 'listKeys',
    summary: 'List the keys of the ring',
    tag: 'Keys',
    scope: 'keys:read',
    query: z.object({
      ...pagingQuery(keyId),
      ...consistencyQuery,
      custody: custody.optional(),
      fingerprint: keyFingerprint.optional(),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(ringKeySchema) } },
    },
    async handle(context) {
      const { services, query, principal } = context
      const { limit, cursor, consistency, ...filters } = query
      const where = Object.fromEntries(
        Object.entries(filters).filter(
          (filter): filter is [string, string] => filter[1] !== undefined,
        ),
      )
      const page = await fillPage<RingKeyState>(
        services.ledger,
        { kind: 'key', where, limit, ...(cursor === undefined ? {} : { cursor }) },
        (key) => seesKey(principal, key),
      )
      const options = howFar(LISTED, consistency)
      const data = await Promise.all(
        page.items.map(async ({ state }) =>
          showKey(state, await usageFor(context, state, options)),
        ),
      )
      return jsonResponse(200, { data, nextCursor: page.nextCursor })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/keys/{keyId}',
    operationId: 'getKey',
    summary: 'Get a key: its public half, and what numbers have to do with it',
    tag: 'Keys',
    scope: 'keys:read',
    params,
    query: z.object(consistencyQuery),
    responses: { 200: { description: 'The key', content: { [JSON_TYPE]: ringKeySchema } } },
    async handle(context) {
      const { services, principal, params: path, query } = context
      const key = await visibleKey(services, principal, path.keyId)
      const usage = await usageFor(context, key, howFar(ONE, query.consistency))
      return jsonResponse(200, showKey(key, usage))
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/keys/{keyId}',
    operationId: 'deleteKey',
    summary: 'Delete a key, and its private half with it',
    description: 'Refused while a number uses it, or has replaced it and its overlap still runs.',
    tag: 'Keys',
    scope: 'keys:write',
    params,
    responses: { 204: { description: 'Deleted' } },
    async handle(context) {
      const { services, principal, params: path } = context
      return answerOnce<null>(context, {
        partition: 'registry',
        body: new Uint8Array(),
        async work(by) {
          const key = await visibleKey(services, principal, path.keyId)
          requireWhole(principal, key)
          const { deleteKey } = await keyOperations()
          await deleteKey(services, by, key.id)
          return null
        },
        render: () => NO_CONTENT,
      })
    },
  }),
]

function howFar(options: typeof ONE, consistency: string | undefined): typeof ONE {
  return consistency === 'strong' ? { ...options, askedThemselves: Infinity } : options
}

async function usageFor(
  { services, principal }: Pick<RouteContext<unknown, unknown>, 'services' | 'principal'>,
  key: RingKeyState,
  options: typeof ONE,
): Promise<KeyUsage> {
  const { usageOf } = await keyOperations()
  return usageOf(services, key, { visible: principal.connections, ...options })
}

/**
 * A key that was used elsewhere too may be needed there again.
 * @throws Fault forbidden
 */
function requireWhole(principal: Principal, { connections, sharedWith }: RingKeyState): void {
  if ([...connections, ...sharedWith].every((id) => sees(principal, id))) return
  throw new Fault(
    'forbidden',
    'Cannot delete key: it is also used in connections that this token does not have',
  )
}
