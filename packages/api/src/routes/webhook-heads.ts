import type { ProviderRegistry, WebhookDescription } from '@latchkey/core'
import type { Head } from '../late-routes.ts'

/** Where the webhooks of these providers arrive, and where they are greeted. */
export function webhookHeads(providers: ProviderRegistry): readonly Head[] {
  return [...providers.values()].flatMap(({ webhook }): readonly Head[] => {
    if (webhook === undefined) return []
    const path = webhookPath(webhook)
    return webhook.greets ? [`post ${path} open`, `get ${path} open`] : [`post ${path} open`]
  })
}

/** In OpenAPI's form, as in `RouteSpec`. */
export function webhookPath({ address }: WebhookDescription): `/${string}` {
  return `/v1/webhooks/${address}/{connectionId}`
}
