import { connectionLabels, type ConnectionState, credentialsPlace } from '../../connection/state.ts'
import { bind } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import { mintId } from '../../ids.ts'
import type { EventDraft, JsonObject } from '../../ledger/ledger.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { closeSession } from '../../session/close.ts'
import { refreshTask } from '../certificates/refresh-task.ts'
import { moveNumbers } from './move.ts'
import { requireOwnCredentials } from './new-host.ts'
import { type ConnectionDraft, parseConnection, mergeConnection } from './parse.ts'

/**
 * Stores a connection, its credentials sealed.
 * @throws Fault invalid_request with a pointer for each field that is wrong
 */
export async function createConnection(
  services: Services,
  request: Request<ConnectionState>,
  draft: ConnectionDraft,
): Promise<ConnectionState> {
  const parsed = await parseConnection(services, draft)
  const id = mintId('connection', services.random)
  const now = services.clock.now()
  const state: ConnectionState = {
    id,
    provider: draft.provider,
    name: draft.name,
    config: parsed.config,
    credentials: await services.sealer.seal(
      JSON.stringify(parsed.credentials),
      credentialsPlace(id),
    ),
    credentialsSetAt: Object.fromEntries(
      Object.keys(parsed.credentials).map((name) => [name, now]),
    ),
    createdAt: now,
    updatedAt: now,
    closing: false,
  }
  return services.ledger.mutate<ConnectionState, ConnectionState>(
    { kind: 'connection', id },
    () => ({
      result: state,
      next: state,
      labels: connectionLabels(services.providers, state),
      events: [
        connectionEvent('connection.created', request, now, {
          provider: state.provider,
          name: state.name,
          config: state.config,
        }),
      ],
      tasks: refreshTask(services, state),
      ...receiptOf(request, state),
    }),
  )
}

/**
 * Changes name, config fields or credentials; what is left out stays, null removes an optional field.
 * @throws Fault not_found, invalid_request, conflict where somebody else changed it meanwhile
 */
export async function updateConnection(
  services: Services,
  request: Request<ConnectionState>,
  {
    id,
    patch,
  }: { readonly id: string; readonly patch: Partial<Omit<ConnectionDraft, 'provider'>> },
): Promise<ConnectionState> {
  const snapshot = await services.ledger.read<ConnectionState>({ kind: 'connection', id })
  if (snapshot === null) throw notFound(id)
  const before = snapshot.state
  const place = credentialsPlace(id)
  const opened: unknown = JSON.parse(await services.sealer.open(before.credentials, place))
  const parsed = await mergeConnection(services, { before, opened, patch })
  const present = await bind(services, before)
  const { provider } = present
  const bound = provider.connect(parsed.config, parsed.credentials)
  const changed = Object.keys(patch.credentials ?? {})
  requireOwnCredentials(present.bound, bound, {
    kept: Object.keys(parsed.credentials).filter((name) => !changed.includes(name)),
  })
  const move = await moveNumbers(services, request, {
    connectionId: id,
    from: present,
    to: { provider, bound },
  })
  const now = services.clock.now()
  const next: ConnectionState = {
    ...before,
    name: patch.name ?? before.name,
    config: parsed.config,
    credentials:
      changed.length === 0
        ? before.credentials
        : await services.sealer.seal(JSON.stringify(parsed.credentials), place),
    credentialsSetAt: Object.fromEntries(
      Object.keys(parsed.credentials).map((name) => [
        name,
        changed.includes(name) ? now : (before.credentialsSetAt[name] ?? now),
      ]),
    ),
    // Tells the sessions that were opened before from those after, so that no two changes may have the same.
    updatedAt: Math.max(now, before.updatedAt + 1),
  }
  const storing = services.ledger.mutate<ConnectionState, ConnectionState>(
    { kind: 'connection', id },
    (state, version) => {
      if (state === null) throw notFound(id)
      if (version !== snapshot.version) {
        throw new Fault('conflict', 'Cannot update connection: it was changed meanwhile', {
          retryable: true,
        })
      }
      return {
        result: next,
        next,
        labels: connectionLabels(services.providers, next),
        events: [
          connectionEvent('connection.updated', request, now, {
            name: next.name,
            config: next.config,
            credentialsChanged: changed,
          }),
        ],
        tasks: refreshTask(services, next),
        ...receiptOf(request, next),
      }
    },
  )
  const stored = await storing.catch(async (error: unknown) => {
    await move.undo()
    throw error
  })
  await move.finish()
  await closeSession(services, present)
  return stored
}

export function connectionEvent(
  type: string,
  request: Pick<Request, 'actor'>,
  at: number,
  data: JsonObject,
): EventDraft {
  return { type, at, actor: request.actor, data }
}

export function notFound(id: string): Fault {
  return new Fault('not_found', `Cannot find connection "${id}"`)
}
