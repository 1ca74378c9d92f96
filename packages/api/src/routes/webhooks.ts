import type { ProviderRegistry, RegisteredProvider, WebhookDescription } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE } from '../http/json.ts'
import type { Route } from '../route.ts'
import { connectionId } from '../schemas/ids.ts'
import { webhookPath } from './webhook-heads.ts'

const params = z.object({ connectionId })
const received = z.object({ received: z.literal(true) }).meta({ id: 'ReceivedWebhook' })

/** Where providers send what they tell on their own: each at the address that it declares. */
export function webhookRoutes(providers: ProviderRegistry): readonly Route[] {
  return [...providers.values()].flatMap((provider) => {
    const { webhook } = provider
    if (webhook === undefined) return []
    const delivery = deliveryRoute(provider, webhook)
    return webhook.greets ? [delivery, greetingRoute(provider, webhook)] : [delivery]
  })
}

function deliveryRoute(provider: RegisteredProvider, webhook: WebhookDescription): Route {
  return defineRoute({
    method: 'post',
    path: webhookPath(webhook),
    operationId: `receive${capitalized(webhook.address)}Webhook`,
    summary: `${webhook.title} tells something`,
    description:
      'Answered once it is stored; what follows is done later, and once for each thing that is told, however often it is sent. What is unsigned, or not signed by a secret of the connection, is refused.',
    tag: 'Webhooks',
    scope: null,
    params,
    headers: { [webhook.signatureHeader]: 'The signature over the bytes of the body' },
    responses: { 200: { description: 'Stored', content: { [JSON_TYPE]: received } } },
    async handle(context) {
      const { receiveWebhook } = await import('../webhooks/receive.ts')
      return receiveWebhook(context, { provider, webhook })
    },
  })
}

function greetingRoute(provider: RegisteredProvider, webhook: WebhookDescription): Route {
  return defineRoute({
    method: 'get',
    path: webhookPath(webhook),
    operationId: `confirm${capitalized(webhook.address)}Webhook`,
    summary: `${webhook.title} asks whether this is the right address`,
    description: 'Answered with its challenge where it knows the verify token of the connection.',
    tag: 'Webhooks',
    scope: null,
    params,
    query: z.object({
      'hub.mode': z.string().optional(),
      'hub.challenge': z.string().optional(),
      'hub.verify_token': z.string().optional(),
    }),
    responses: {
      200: { description: 'The challenge', content: { 'text/plain': z.string() } },
    },
    async handle(context) {
      const { confirmWebhook } = await import('../webhooks/receive.ts')
      return confirmWebhook(context, { provider, webhook })
    },
  })
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
