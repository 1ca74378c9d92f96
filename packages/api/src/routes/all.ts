import type { ProviderRegistry } from '@latchkey/core'
import type { Authenticator } from '../auth/authenticate.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import type { Route } from '../route.ts'
import { certificateChangeRoutes } from './certificate-changes.ts'
import { certificateRoutes } from './certificates.ts'
import { connectionRoutes } from './connections.ts'
import { documentRoutes } from './documents.ts'
import { encryptionKeyRoutes } from './encryption-key.ts'
import { eventRoutes } from './events.ts'
import { healthRoutes } from './health.ts'
import { inspectionRoutes } from './inspections.ts'
import { numberRoutes } from './numbers.ts'
import { providerRoutes } from './providers.ts'
import { rotationProgressRoutes } from './rotation-progress.ts'
import { rotationRoutes } from './rotations.ts'
import { servedCertificateRoutes } from './served-certificate.ts'
import { tokenRoutes } from './tokens.ts'
import { triggerRoutes } from './triggers.ts'
import { webhookDeliveryRoutes } from './webhook-deliveries.ts'
import { webhookEndpointRoutes } from './webhook-endpoints.ts'
import { webhookRoutes } from './webhooks.ts'

/** What routes need of the app that serves them. */
export interface Serving {
  readonly authenticator: Pick<Authenticator, 'forget'>
  readonly limiter: RateLimiter
  readonly providers: ProviderRegistry
  readonly version: string
}

/** Every route of the unified API; the document and the 405 answers are made from the same list. */
export function allRoutes({
  authenticator,
  limiter,
  providers,
  version,
}: Serving): readonly Route[] {
  const routes: readonly Route[] = [
    ...providerRoutes,
    ...connectionRoutes,
    ...numberRoutes,
    ...encryptionKeyRoutes,
    ...rotationRoutes,
    ...rotationProgressRoutes,
    ...certificateRoutes,
    ...certificateChangeRoutes,
    ...servedCertificateRoutes,
    ...inspectionRoutes,
    ...webhookEndpointRoutes,
    ...webhookDeliveryRoutes,
    ...eventRoutes(),
    ...tokenRoutes(authenticator),
    ...triggerRoutes(limiter),
    ...webhookRoutes(providers),
    ...healthRoutes,
    ...documentRoutes(() => routes, version),
  ]
  return routes
}
