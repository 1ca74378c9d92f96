import {
  type KeyView,
  partitionOf,
  type Principal,
  publishKey,
  type PublishRequest,
  readKey,
  type Services,
} from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { readBody } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonStored } from '../http/json.ts'
import { consistencyQuery, flag } from '../http/paging.ts'
import { noneMatches, preconditionOf } from '../http/precondition.ts'
import type { Route } from '../route.ts'
import { numberId as numberIdSchema } from '../schemas/ids.ts'
import { keySchema, publishJsonBody } from '../schemas/encryption-key.ts'
import { etagOf, JWK_TYPE, PEM_TYPE, renderKey, representationOf } from './key-representation.ts'
import { requireNumberSight, visibleNumber } from './visible-number.ts'
import { FORM_TYPE, submittedKey, TEXT_TYPE } from './submitted-key.ts'
import { visibleKey } from './visible-key.ts'

const params = z.object({ numberId: numberIdSchema })
const pem = z.string().describe('PEM')

export const encryptionKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/v1/numbers/{numberId}/encryption-key',
    operationId: 'publishEncryptionKey',
    summary: 'Publish a public key to a number',
    description:
      'An RSA public key of exactly 2048 bits, as SPKI or PKCS#1 PEM or inside a certificate; what can be repaired is, and named in `warnings`.',
    tag: 'Encryption keys',
    scope: 'numbers:write',
    params,
    query: z.object({
      verify: flag(true).describe('Read the key back where the provider can'),
    }),
    headers: {
      'If-Match': 'Publish only over this key: an ETag of it, or its bare fingerprint',
      'If-None-Match': 'Only `*`: publish only where no key is set',
    },
    body: {
      [JSON_TYPE]: publishJsonBody,
      [FORM_TYPE]: z.union([
        z.strictObject({ business_public_key: pem }),
        z.strictObject({ public_key: pem }),
      ]),
      [TEXT_TYPE]: pem,
      [PEM_TYPE]: pem,
    },
    responses: {
      200: { description: 'Published', content: { [JSON_TYPE]: keySchema } },
    },
    async handle(context) {
      const { request, services, principal, query, timings } = context
      const { numberId } = context.params
      requireNumberSight(context)
      const body = await readBody(request)
      const submitted = await timings.measure('crypto', () => submittedKey(request, body))
      const precondition = preconditionOf(request.headers)
      const key = { kind: 'number', id: numberId } as const
      return answerOnce<KeyView>(context, {
        partition: partitionOf(key),
        body,
        completeOn: key,
        work: async () =>
          publishKey(services, principal.actor, {
            numberId,
            ...('keyId' in submitted
              ? await ringKey(services, principal, submitted.keyId)
              : { publicKey: submitted }),
            verify: query.verify,
            ...(precondition === undefined ? {} : { precondition }),
          }),
        render: (view) => jsonStored(200, view, { etag: etagOf(view, 'json') }),
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/numbers/{numberId}/encryption-key',
    operationId: 'getEncryptionKey',
    summary: 'Read a number’s key and what the upstream says of it',
    description: '`Cache-Control: no-cache` or `?fresh=true` goes to the upstream.',
    tag: 'Encryption keys',
    scope: 'numbers:read',
    params,
    query: z.object({
      ...consistencyQuery,
      fresh: flag(false).describe('Go to the upstream'),
    }),
    headers: { 'If-None-Match': 'ETags that the caller has' },
    responses: {
      200: {
        description: 'The key',
        content: {
          [JSON_TYPE]: keySchema,
          [PEM_TYPE]: z.string(),
          [JWK_TYPE]: z.record(z.string(), z.string()).describe('RFC 7517'),
        },
      },
      304: { description: 'The caller has it' },
    },
    async handle(context) {
      const { request, services, principal, query } = context
      const noCache = /\bno-cache\b/i.test(request.headers.get('cache-control') ?? '')
      const fresh = query.fresh || noCache
      const consistency = fresh ? 'strong' : (query.consistency ?? 'bounded')
      const number = await visibleNumber(context, { consistency })
      const { view, behind } = await readKey(services, principal.actor, { number, fresh })
      if (behind !== undefined) context.dependencies.defer(behind)
      const representation = representationOf(request.headers.get('accept'))
      const etag = etagOf(view, representation)
      const headers = { etag, vary: 'Accept', 'cache-control': 'private, no-cache' }
      // First of all whether there is this representation: where no key is set, not even `*` matches.
      const { type, body } = await renderKey(view, representation)
      if (noneMatches(request.headers.get('if-none-match'), etag)) {
        return new Response(null, { status: 304, headers })
      }
      return new Response(body, { status: 200, headers: { ...headers, 'content-type': type } })
    },
  }),
]

/** @throws Fault not_found */
async function ringKey(
  services: Services,
  principal: Principal,
  keyId: string,
): Promise<Pick<PublishRequest, 'publicKey' | 'keyId'>> {
  const key = await visibleKey(services, principal, keyId)
  return { publicKey: { pem: key.pem, fingerprint: key.fingerprint, repairs: [] }, keyId }
}
