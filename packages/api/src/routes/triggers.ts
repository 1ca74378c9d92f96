import {
  Fault,
  mintId,
  type Principal,
  requireGrantable,
  SECOND,
  sees,
  type Services,
  toTimestamp,
  type TriggerRotation,
  type TriggerSecret,
  triggerSecretPlace,
  type TriggerState,
} from '@latchkey/core'
import { mintWebhookSecret } from '@latchkey/crypto'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { fillPage } from '../http/fill-page.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonResponse, jsonStored, NO_CONTENT } from '../http/json.ts'
import { consistencyQuery, pageBody, pageSchema, pagingQuery } from '../http/paging.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import type { Route } from '../route.ts'
import { triggerId } from '../schemas/ids.ts'
import {
  firedSchema,
  newTriggerBody,
  secretTriggerSchema,
  triggerMessage,
  triggerSchema,
} from '../schemas/trigger.ts'

const ONE = '/v1/triggers/{triggerId}'
const params = z.object({ triggerId })

/** Most requests have nothing to do with triggers. */
const operations = () => import('@latchkey/core/triggers')

export function triggerRoutes(limiter: RateLimiter): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/triggers',
      operationId: 'createTrigger',
      summary: 'Make a trigger; its secret is shown this once',
      description:
        'Whoever has the secret can do what the trigger does, and nothing else: making one takes the scopes that it grants, for the connections that it reaches.',
      tag: 'Triggers',
      scope: 'webhooks:write',
      body: { [JSON_TYPE]: newTriggerBody },
      responses: { 201: { description: 'Made', content: { [JSON_TYPE]: secretTriggerSchema } } },
      async handle(context) {
        const { request, services, principal } = context
        requireMediaType(request, [JSON_TYPE])
        const body = await readBody(request)
        const asked = parseWith(newTriggerBody, parseJson(decodeText(body)), 'trigger')
        const { action, target } = asked
        const rotation = rotationOf(asked)
        const { createTrigger, reachOf, requireAim, scopesOf } = await operations()
        const connections = reachOf(target)
        // What it grants is for ever, and of no more than it does.
        const scopes = scopesOf(action, target)
        requireGrantable(principal, { scopes, connections, expiresAt: principal.expiresAt })
        await requireAim(services, action, target)
        const id = mintId('trigger', services.random)
        const { secret, sealed } = await newSecret(services, id)
        const state: TriggerState = {
          id,
          name: asked.name,
          action,
          target,
          rotation,
          connections,
          secrets: [sealed],
          deployed: null,
          createdAt: sealed.createdAt,
          updatedAt: sealed.createdAt,
        }
        const answer = jsonStored(201, { ...show(state), secret }, { location: urlOf(id) })
        return answerOnce<TriggerState>(context, {
          partition: 'registry',
          body,
          work: (by) => createTrigger(services, by, state),
          render: () => answer,
          secretAnswer: answer,
        })
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/triggers',
      operationId: 'listTriggers',
      summary: 'List triggers, without their secrets',
      tag: 'Triggers',
      scope: 'webhooks:read',
      query: z.object({ ...pagingQuery(triggerId), ...consistencyQuery }),
      responses: {
        200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(triggerSchema) } },
      },
      async handle({ services, query: { limit, cursor }, principal }) {
        const page = await fillPage<TriggerState>(
          services.ledger,
          { kind: 'trigger', limit, ...(cursor === undefined ? {} : { cursor }) },
          (state) => within(principal, state),
        )
        return jsonResponse(
          200,
          pageBody(page, ({ state }) => show(state)),
        )
      },
    }),
    defineRoute({
      method: 'get',
      path: ONE,
      operationId: 'getTrigger',
      summary: 'Get a trigger, without its secrets',
      tag: 'Triggers',
      scope: 'webhooks:read',
      params,
      query: z.object(consistencyQuery),
      responses: { 200: { description: 'The trigger', content: { [JSON_TYPE]: triggerSchema } } },
      async handle({ services, principal, params: { triggerId: id } }) {
        return jsonResponse(200, show(await visible(services, principal, id)))
      },
    }),
    defineRoute({
      method: 'delete',
      path: ONE,
      operationId: 'deleteTrigger',
      summary: 'Delete a trigger; what it has set off goes on',
      tag: 'Triggers',
      scope: 'webhooks:write',
      params,
      responses: { 204: { description: 'Deleted' } },
      async handle(context) {
        const { services, principal, params: given } = context
        return answerOnce<null>(context, {
          partition: 'registry',
          body: new Uint8Array(),
          async work(by) {
            const { id } = await visible(services, principal, given.triggerId)
            const { removeTrigger } = await operations()
            await removeTrigger(services, by, id)
            return null
          },
          render: () => NO_CONTENT,
        })
      },
    }),
    defineRoute({
      method: 'post',
      path: `${ONE}/rotate-secret`,
      operationId: 'rotateTriggerSecret',
      summary: 'Give a trigger a new secret; it is shown this once',
      description:
        'The newest one before stays live beside it, until the next: to end one that has leaked, rotate twice.',
      tag: 'Triggers',
      scope: 'webhooks:write',
      params,
      responses: {
        200: { description: 'Changed', content: { [JSON_TYPE]: secretTriggerSchema } },
      },
      async handle(context) {
        const { services, principal, params: given } = context
        const before = await visible(services, principal, given.triggerId)
        const { id, action, target, connections } = before
        const { addTriggerSecret, scopesOf } = await operations()
        // Who is given its secret can set it off.
        const scopes = scopesOf(action, target)
        requireGrantable(principal, { scopes, connections, expiresAt: principal.expiresAt })
        const { secret, sealed } = await newSecret(services, id)
        const live = [sealed, ...before.secrets].slice(0, 2)
        const after = { ...before, secrets: live, updatedAt: sealed.createdAt }
        const answer = jsonStored(200, { ...show(after), secret })
        return answerOnce<TriggerState>(context, {
          partition: 'registry',
          body: new Uint8Array(),
          work: (by) => addTriggerSecret(services, by, { id, secret: sealed }),
          render: () => answer,
          secretAnswer: answer,
        })
      },
    }),
    defineRoute({
      method: 'post',
      path: ONE,
      operationId: 'fireTrigger',
      summary: 'Set a trigger off, by a signed message',
      description:
        'Signed as Standard Webhooks 1.0 has it, not more than five minutes ago. Answered once it is stored; what follows is done later, and once for each message id. Of the body, `publish` takes `publicKey` and `deploy-certificate` takes `pem` and `privateKey`; other actions take nothing.',
      tag: 'Triggers',
      scope: null,
      params,
      headers: {
        'webhook-id': 'The message’s id: the same when it is sent again',
        'webhook-timestamp': 'When this attempt is made: seconds since 1970',
        'webhook-signature': '`v1,` and the base64 of HMAC-SHA-256; several with spaces between',
      },
      body: { [JSON_TYPE]: triggerMessage },
      responses: { 202: { description: 'Stored', content: { [JSON_TYPE]: firedSchema } } },
      async handle(context) {
        const { takeMessage } = await import('../webhooks/take-message.ts')
        return takeMessage(context, limiter)
      },
    }),
  ]
}

type Asked = z.output<typeof newTriggerBody>

/** @throws Fault invalid_request */
function rotationOf({ action, rotation }: Asked): TriggerRotation | null {
  if (action === 'rotate') {
    const { generate, overlapSeconds } = rotation ?? newTriggerBody.shape.rotation.parse({})
    return { generate, overlapMs: overlapSeconds * SECOND }
  }
  if (rotation === undefined) return null
  throw new Fault('invalid_request', 'Cannot make trigger: only "rotate" rotates', {
    errors: [{ pointer: '/rotation', message: 'Is for the action rotate alone' }],
  })
}

async function newSecret(
  { random, sealer, clock }: Services,
  id: string,
): Promise<{ readonly secret: string; readonly sealed: TriggerSecret }> {
  const secret = mintWebhookSecret(random)
  const sealed = await sealer.seal(secret, triggerSecretPlace(id))
  return { secret, sealed: { sealed, createdAt: clock.now() } }
}

/** A token limited to connections knows of the triggers that reach no others. */
function within(principal: Principal, { connections }: TriggerState): boolean {
  if (principal.connections === null) return true
  return connections?.every((id) => sees(principal, id)) ?? false
}

/** @throws Fault not_found */
async function visible(
  services: Services,
  principal: Principal,
  id: string,
): Promise<TriggerState> {
  const { readTrigger } = await operations()
  const state = await readTrigger(services, id)
  if (within(principal, state)) return state
  throw new Fault('not_found', `Cannot find trigger "${id}"`)
}

function urlOf(id: string): string {
  return `/v1/triggers/${id}`
}

function show(state: TriggerState): z.infer<typeof triggerSchema> {
  const { rotation } = state
  return {
    id: state.id,
    name: state.name,
    action: state.action,
    target: { ...state.target },
    rotation:
      rotation === null
        ? null
        : { generate: rotation.generate, overlapSeconds: rotation.overlapMs / SECOND },
    url: urlOf(state.id),
    secrets: state.secrets.map(({ createdAt }) => ({ createdAt: toTimestamp(createdAt) })),
    createdAt: toTimestamp(state.createdAt),
    updatedAt: toTimestamp(state.updatedAt),
  }
}
