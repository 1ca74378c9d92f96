import {
  createToken,
  Fault,
  newToken,
  type Principal,
  requireGrantable,
  revokeToken,
  SCOPES,
  sees,
  type TokenState,
  toTimestamp,
} from '@latchkey/core'
import { mintToken, tokenDigest } from '@latchkey/crypto'
import * as z from 'zod'
import type { Authenticator } from '../auth/authenticate.ts'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { fillPage } from '../http/fill-page.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { Route } from '../route.ts'
import { connectionId, timestamp, tokenId } from '../schemas/ids.ts'
import { shownName } from '../schemas/shown-text.ts'

const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    connections: z.array(z.string()).nullable().describe('Null: all'),
    createdAt: timestamp,
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'Token' })

const newTokenBody = z
  .strictObject({
    name: shownName(100),
    scopes: z.array(z.enum(SCOPES)).min(1),
    connections: z.array(connectionId).min(1).max(1000).nullish(),
    expiresAt: timestamp
      .nullish()
      .describe('Never, if left out. Not after the end of the token that makes it'),
  })
  .meta({
    examples: [{ name: 'Deployment pipeline', scopes: ['numbers:read', 'numbers:write'] }],
  })

const createdSchema = tokenSchema
  .extend({ token: z.string().describe('Shown this once') })
  .meta({ id: 'CreatedToken' })

export function tokenRoutes(authenticator: Pick<Authenticator, 'forget'>): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/tokens',
      operationId: 'createToken',
      summary: 'Make a token; it is shown this once',
      description:
        'Nobody hands on more than they have: a token gets no scopes, connections or time that its maker lacks. One made with a token that expires has to expire no later.',
      tag: 'Tokens',
      scope: 'admin',
      body: { [JSON_TYPE]: newTokenBody },
      responses: { 201: { description: 'Made', content: { [JSON_TYPE]: createdSchema } } },
      async handle(context) {
        const { request, services, principal } = context
        requireMediaType(request, [JSON_TYPE])
        const body = await readBody(request)
        const asked = parseWith(newTokenBody, parseJson(decodeText(body)), 'token')
        const now = services.clock.now()
        const expiresAt = asked.expiresAt == null ? null : Date.parse(asked.expiresAt)
        if (expiresAt !== null && expiresAt <= now) {
          throw new Fault('invalid_request', 'Cannot make token: it would have expired already', {
            errors: [{ pointer: '/expiresAt', message: 'Must be in the future' }],
          })
        }
        const { scopes, connections = null } = asked
        const grant = { scopes, connections, expiresAt }
        requireGrantable(principal, grant)
        const token = mintToken(services.random)
        const digest = await tokenDigest(token)
        const state = newToken({ name: asked.name, digest, ...grant, at: now })
        const answer = jsonStored(
          201,
          { ...show(state), token },
          { location: `/v1/tokens/${state.id}` },
        )
        return answerOnce(context, {
          partition: 'registry',
          body,
          work: (by) => createToken(services, by, state),
          render: () => answer,
          secretAnswer: answer,
        })
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/tokens',
      operationId: 'listTokens',
      summary: 'List tokens, without their secrets',
      tag: 'Tokens',
      scope: 'admin',
      query: z.object({ ...pagingQuery(tokenId), ...consistencyQuery }),
      responses: {
        200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(tokenSchema) } },
      },
      async handle({ services, query, principal }) {
        const { limit, cursor } = query
        const page = await fillPage<TokenState>(
          services.ledger,
          { kind: 'token', limit, ...(cursor === undefined ? {} : { cursor }) },
          (state) => within(principal, state),
        )
        return jsonResponse(
          200,
          pageBody(page, (row) => show(row.state)),
        )
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/tokens/{tokenId}',
      operationId: 'revokeToken',
      summary: 'Revoke a token; it is refused everywhere within 90 seconds',
      tag: 'Tokens',
      scope: 'admin',
      params: z.object({ tokenId }),
      responses: { 204: { description: 'Revoked' } },
      async handle(context) {
        const { services, params } = context
        return answerOnce<null>(context, {
          partition: 'registry',
          body: new Uint8Array(),
          async work(by) {
            const key = { kind: 'token', id: params.tokenId } as const
            const stored = await services.ledger.read<TokenState>(key)
            if (stored === null || !within(context.principal, stored.state)) {
              throw new Fault('not_found', `Cannot find token "${params.tokenId}"`)
            }
            await revokeToken(services, by, params.tokenId)
            authenticator.forget(stored.state.digest)
            return null
          },
          render: () => NO_CONTENT,
        })
      },
    }),
  ]
}

/** A token limited to connections deals with tokens that are limited to them too. */
function within(principal: Principal, token: TokenState): boolean {
  if (principal.connections === null) return true
  return token.connections?.every((id) => sees(principal, id)) ?? false
}

function show(state: TokenState): z.infer<typeof tokenSchema> {
  return {
    id: state.id,
    name: state.name,
    scopes: [...state.scopes],
    connections: state.connections === null ? null : [...state.connections],
    createdAt: toTimestamp(state.createdAt),
    expiresAt: state.expiresAt === null ? null : toTimestamp(state.expiresAt),
  }
}
