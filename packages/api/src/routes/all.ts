import type { ProviderRegistry } from '@latchkey/core'
import type { Authenticator } from '../auth/authenticate.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { late, prompt } from '../late-routes.ts'
import type { MountedRoute } from '../route.ts'
import { tellHealth, tellReadiness } from './health-answers.ts'
import { webhookHeads } from './webhook-heads.ts'

/** What routes need of the app that serves them. */
export interface Serving {
  readonly authenticator: Pick<Authenticator, 'forget'>
  readonly limiter: RateLimiter
  readonly providers: ProviderRegistry
  readonly version: string
}

/**
 * Every route of the unified API; the document and the 405 answers are made from the same list. What few requests take
 * is loaded when one does.
 */
export function allRoutes({
  authenticator,
  limiter,
  providers,
  version,
}: Serving): readonly MountedRoute[] {
  const described = () => Promise.all(routes.map(({ load }) => load()))
  const routes: readonly MountedRoute[] = [
    ...late(
      async () => (await import('./providers.ts')).providerRoutes,
      ['get /v1/providers connections:read'],
    ),
    ...late(
      async () => (await import('./connections.ts')).connectionRoutes,
      [
        'post /v1/connections connections:write',
        'get /v1/connections connections:read',
        'get /v1/connections/{connectionId} connections:read',
        'patch /v1/connections/{connectionId} connections:write',
        'delete /v1/connections/{connectionId} connections:write',
        'post /v1/connections/{connectionId}/check connections:read',
        'post /v1/connections/{connectionId}/discover numbers:write',
      ],
    ),
    ...late(
      async () => (await import('./numbers.ts')).numberRoutes,
      [
        'post /v1/numbers numbers:write',
        'get /v1/numbers numbers:read',
        'get /v1/numbers/{numberId} numbers:read',
        'patch /v1/numbers/{numberId} numbers:write',
        'delete /v1/numbers/{numberId} numbers:write',
      ],
    ),
    ...late(
      async () => (await import('./encryption-key.ts')).encryptionKeyRoutes,
      [
        'put /v1/numbers/{numberId}/encryption-key numbers:write',
        'get /v1/numbers/{numberId}/encryption-key numbers:read',
      ],
    ),
    ...late(
      async () => (await import('./keys.ts')).keyRoutes,
      [
        'post /v1/keys keys:write',
        'get /v1/keys keys:read',
        'get /v1/keys/{keyId} keys:read',
        'delete /v1/keys/{keyId} keys:write',
      ],
    ),
    ...late(
      async () => (await import('./rotations.ts')).rotationRoutes,
      [
        'post /v1/rotations rotations:write',
        'get /v1/rotations rotations:read',
        'get /v1/rotations/{rotationId} rotations:read',
        'post /v1/rotations/{rotationId}/cancel rotations:write',
        'post /v1/rotations/{rotationId}/rollback rotations:write',
        'post /v1/rotations/{rotationId}/retry rotations:write',
      ],
    ),
    ...late(
      async () => (await import('./rotation-progress.ts')).rotationProgressRoutes,
      [
        'get /v1/rotations/{rotationId}/numbers rotations:read',
        'get /v1/rotations/{rotationId}/events rotations:read',
      ],
    ),
    ...late(
      async () => (await import('./certificates.ts')).certificateRoutes,
      [
        'get /v1/connections/{connectionId}/certificates certificates:read',
        'get /v1/connections/{connectionId}/certificates/{certificateId} certificates:read',
        'get /v1/connections/{connectionId}/certificates/{certificateId}/pem certificates:read',
      ],
    ),
    ...late(
      async () => (await import('./certificate-changes.ts')).certificateChangeRoutes,
      [
        'post /v1/connections/{connectionId}/certificates certificates:write',
        'patch /v1/connections/{connectionId}/certificates/{certificateId} certificates:write',
        'delete /v1/connections/{connectionId}/certificates/{certificateId} certificates:write',
        'post /v1/connections/{connectionId}/certificates/{certificateId}/activate certificates:write',
      ],
    ),
    ...late(
      async () => (await import('./served-certificate.ts')).servedCertificateRoutes,
      [
        'post /v1/connections/{connectionId}/certificates/{certificateId}/verify-served certificates:read',
      ],
    ),
    ...late(
      async () => (await import('./inspections.ts')).inspectionRoutes,
      ['post /v1/certificates/inspect certificates:read', 'post /v1/public-keys/inspect keys:read'],
    ),
    ...late(
      async () => (await import('./webhook-endpoints.ts')).webhookEndpointRoutes,
      [
        'post /v1/webhook-endpoints webhooks:write',
        'get /v1/webhook-endpoints webhooks:read',
        'get /v1/webhook-endpoints/{endpointId} webhooks:read',
        'patch /v1/webhook-endpoints/{endpointId} webhooks:write',
        'delete /v1/webhook-endpoints/{endpointId} webhooks:write',
      ],
    ),
    ...late(
      async () => (await import('./webhook-deliveries.ts')).webhookDeliveryRoutes,
      [
        'post /v1/webhook-endpoints/{endpointId}/rotate-secret webhooks:write',
        'get /v1/webhook-endpoints/{endpointId}/deliveries webhooks:read',
        'post /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver webhooks:write',
      ],
    ),
    ...late(
      async () => (await import('./events.ts')).eventRoutes(),
      [
        'get /v1/events events:read',
        'get /.well-known/latchkey.json open',
        'get /v1/events/verify events:read',
      ],
    ),
    ...late(
      async () => (await import('./tokens.ts')).tokenRoutes(authenticator),
      ['post /v1/tokens admin', 'get /v1/tokens admin', 'delete /v1/tokens/{tokenId} admin'],
    ),
    ...late(
      async () => (await import('./triggers.ts')).triggerRoutes(limiter),
      [
        'post /v1/triggers webhooks:write',
        'get /v1/triggers webhooks:read',
        'get /v1/triggers/{triggerId} webhooks:read',
        'delete /v1/triggers/{triggerId} webhooks:write',
        'post /v1/triggers/{triggerId}/rotate-secret webhooks:write',
        'post /v1/triggers/{triggerId} open',
      ],
    ),
    ...late(
      async () => (await import('./webhooks.ts')).webhookRoutes(providers),
      webhookHeads(providers),
    ),
    ...prompt(
      async () => (await import('./health.ts')).healthRoutes,
      [
        ['get /healthz open', tellHealth],
        ['get /readyz open', tellReadiness],
      ],
    ),
    ...late(
      async () => (await import('./documents.ts')).documentRoutes(described, version),
      ['get / open', 'get /docs open', 'get /docs/errors/{code} open', 'get /openapi.json open'],
    ),
  ]
  return routes
}
