import { dayOf, KEEP_DAYS } from '../../delivery/delivery.ts'
import {
  type EndpointState,
  endpointKey,
  endpointLabels,
  endpointSecretPlace,
  endpointTrace,
  liveSecrets,
} from '../../delivery/endpoint.ts'
import { DELIVER } from '../../delivery/tasks.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { type Instant } from '../../instant.ts'
import type { Decision, JsonObject } from '../../ledger/ledger.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'

export interface NewEndpoint {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly connections: readonly string[] | null
  /** A `whsec_…`. */
  readonly secret: string
  readonly at: Instant
}

/**
 * The state that creating this endpoint will have, so that its answer can be sealed beforehand.
 * @throws Fault invalid_request for a URL that may not be called
 */
export async function newEndpoint(services: Services, made: NewEndpoint): Promise<EndpointState> {
  const { id, url, events, connections, at } = made
  await requireUrl(services, url)
  const sealed = await services.sealer.seal(made.secret, endpointSecretPlace(id))
  return {
    id,
    url,
    events,
    connections,
    secrets: [{ sealed, createdAt: at, expiresAt: null }],
    disabled: null,
    cursor: null,
    since: { type: 'webhook_endpoint.created', at },
    failingSince: null,
    pausedUntil: null,
    prunedDay: dayOf(at) - KEEP_DAYS - 1,
    createdAt: at,
    updatedAt: at,
  }
}

export async function createEndpoint(
  services: Services,
  request: Request<EndpointState>,
  made: EndpointState,
): Promise<EndpointState> {
  return services.ledger.mutate<EndpointState, EndpointState>(endpointKey(made.id), () => ({
    ...changed(made, { request, type: 'webhook_endpoint.created', data: endpointTrace(made) }),
    tasks: [{ name: DELIVER, due: made.createdAt }],
  }))
}

export interface EndpointPatch {
  readonly url?: string
  readonly events?: readonly string[]
  readonly status?: 'enabled' | 'disabled'
}

/** @throws Fault not_found, invalid_request for a URL that may not be called */
export async function updateEndpoint(
  services: Services,
  request: Request<EndpointState>,
  { id, patch }: { readonly id: string; readonly patch: EndpointPatch },
): Promise<EndpointState> {
  const { url, events, status } = patch
  if (url !== undefined) await requireUrl(services, url)
  const at = services.clock.now()
  return services.ledger.mutate<EndpointState, EndpointState>(endpointKey(id), (state) => {
    if (state === null) throw noEndpoint(id)
    const next: EndpointState = {
      ...state,
      // What the receiver before asked for, and how it did, is nothing to the new one.
      ...(url === undefined ? {} : { url, failingSince: null, pausedUntil: null }),
      ...(events === undefined ? {} : { events }),
      updatedAt: at,
    }
    const data = endpointTrace(next)
    if (status === 'disabled' && state.disabled === null) {
      const disabled: EndpointState = { ...next, disabled: { at, reason: 'request' } }
      return {
        ...changed(disabled, {
          request,
          type: 'webhook_endpoint.disabled',
          data: { ...data, reason: 'request' },
        }),
        tasks: [{ name: DELIVER, due: at }],
      }
    }
    if (status === 'enabled' && state.disabled !== null) {
      const type = 'webhook_endpoint.enabled'
      const enabled: EndpointState = {
        ...next,
        disabled: null,
        cursor: null,
        since: { type, at },
        failingSince: null,
        pausedUntil: null,
      }
      return {
        ...changed(enabled, { request, type, data }),
        tasks: [{ name: DELIVER, due: at }],
      }
    }
    return changed(next, { request, type: 'webhook_endpoint.updated', data })
  })
}

/** Ends an endpoint at once, with everything that was under way to it. @throws Fault not_found */
export async function deleteEndpoint(
  services: Services,
  request: Request<null>,
  id: string,
): Promise<void> {
  const at = services.clock.now()
  await services.ledger.mutate<EndpointState, null>(endpointKey(id), (state) => {
    if (state === null) throw noEndpoint(id)
    const { actor } = request
    return {
      result: null,
      next: null,
      events: [{ type: 'webhook_endpoint.deleted', at, actor, data: endpointTrace(state) }],
      tasks: [{ name: DELIVER, due: at }],
      ...receiptOf(request, null),
    }
  })
}

/**
 * Signs with a new secret from now on; beside it with the one before for the overlap, and with no older one.
 * @throws Fault not_found
 */
export async function rotateEndpointSecret(
  services: Services,
  request: Request<EndpointState>,
  {
    id,
    secret,
    at,
    overlapMs,
  }: {
    readonly id: string
    /** A `whsec_…`. */
    readonly secret: string
    readonly at: Instant
    readonly overlapMs: number
  },
): Promise<EndpointState> {
  const sealed = await services.sealer.seal(secret, endpointSecretPlace(id))
  return services.ledger.mutate<EndpointState, EndpointState>(endpointKey(id), (state) => {
    if (state === null) throw noEndpoint(id)
    const before = liveSecrets(state, at)
      .slice(0, 1)
      .map((each) => ({ ...each, expiresAt: at + overlapMs }))
    const secrets = [{ sealed, createdAt: at, expiresAt: null }, ...before]
    const next = { ...state, secrets, updatedAt: at }
    const data = { ...endpointTrace(next), overlapSeconds: overlapMs / 1000 }
    return changed(next, { request, type: 'webhook_endpoint.secret_rotated', data })
  })
}

/** @throws Fault not_found */
export async function readEndpoint({ ledger }: Services, id: string): Promise<EndpointState> {
  const snapshot = await ledger.read<EndpointState>(endpointKey(id))
  if (snapshot === null) throw noEndpoint(id)
  return snapshot.state
}

export function noEndpoint(id: string): Fault {
  return new Fault('not_found', `Cannot find webhook endpoint "${id}"`)
}

async function requireUrl({ courier }: Services, url: string): Promise<void> {
  try {
    await courier.admit(url)
  } catch (error) {
    if (!isFault(error) || error.code !== 'invalid_request') throw error
    throw new Fault('invalid_request', error.message, {
      errors: [{ pointer: '/url', message: error.message }],
    })
  }
}

function changed(
  next: EndpointState,
  {
    request,
    type,
    data,
  }: { readonly request: Request<EndpointState>; readonly type: string; readonly data: JsonObject },
): Decision<EndpointState, EndpointState> {
  const { actor } = request
  return {
    result: next,
    next,
    labels: endpointLabels(next),
    events: [{ type, at: next.updatedAt, actor, data }],
    ...receiptOf(request, next),
  }
}
