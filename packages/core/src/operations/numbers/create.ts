import type { ConnectionState } from '../../connection/state.ts'
import { openConnection, readConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import { mintIdWithin } from '../../ids.ts'
import { numberLabels } from '../../number/labels.ts'
import { sweepTask } from '../../number/sweep.ts'
import { newNumber, type NumberState } from '../../number/state.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { isReadable } from '../key/readable.ts'
import { reservationKey } from './identity.ts'
import { deleteNumber } from './remove.ts'
import { reserve } from './reserve.ts'

export interface NumberDraft {
  readonly connectionId: string
  readonly upstreamId: string
  readonly label: string | null
}

/**
 * Adds a number to a connection.
 * @throws Fault not_found (no such connection), invalid_request (not an id of this provider), conflict (known
 * already, or the connection takes no more, or was changed meanwhile), unsupported_operation (the provider has none)
 */
export async function createNumber(
  services: Services,
  request: Request<NumberState>,
  draft: NumberDraft,
): Promise<NumberState> {
  const connection = await openConnection(services, draft.connectionId)
  if (connection.state.closing) throw closingFault(draft.connectionId)
  const { numbers } = connection.provider
  if (numbers === null) {
    throw new Fault(
      'unsupported_operation',
      `Cannot add number: provider "${connection.provider.id}" has no numbers`,
    )
  }
  const upstreamId = numbers.canonicalId(draft.upstreamId)
  const id = mintIdWithin(draft.connectionId, 'number', services.random)
  const now = services.clock.now()
  const wanted = { numberId: id, at: now }
  await reserve(services, request, { key: reservationKey(connection, upstreamId), wanted })
  const state = newNumber({
    id,
    connectionId: draft.connectionId,
    provider: connection.provider.id,
    upstreamId,
    label: draft.label,
    at: now,
  })
  await store(services, request, state)
  await undoIfChanged(services, request, { state, connection: connection.state })
  return state
}

function store(
  services: Services,
  request: Request<NumberState>,
  state: NumberState,
): Promise<null> {
  const readable = isReadable(services, state)
  const { sweepMs } = services.intervals
  return services.ledger.mutate<NumberState, null>({ kind: 'number', id: state.id }, () => ({
    result: null,
    next: state,
    labels: numberLabels(state, readable),
    tasks: readable ? [sweepTask(state.id, sweepMs, state.createdAt)] : [],
    events: [
      {
        type: 'number.created',
        at: state.createdAt,
        actor: request.actor,
        data: {
          connectionId: state.connectionId,
          upstreamId: state.upstreamId,
          label: state.label,
        },
      },
    ],
    ...receiptOf(request, state),
  }))
}

/**
 * A connection that began to close while the number was being made must not keep it; one that has moved has it
 * nowhere taken where it is now.
 */
async function undoIfChanged(
  services: Services,
  request: Request<NumberState>,
  { state, connection }: { readonly state: NumberState; readonly connection: ConnectionState },
): Promise<void> {
  const present = await readConnection(services, connection.id).catch(() => null)
  const isOpen = present !== null && !present.closing
  if (isOpen && JSON.stringify(present.config) === JSON.stringify(connection.config)) return
  await deleteNumber(services, { actor: request.actor }, state.id, { undoes: request.receipt })
  if (!isOpen) throw closingFault(connection.id)
  throw new Fault(
    'conflict',
    `Cannot add number: connection "${connection.id}" was changed meanwhile`,
    {
      retryable: true,
    },
  )
}

function closingFault(connectionId: string): Fault {
  return new Fault('conflict', `Cannot add number: connection "${connectionId}" is being deleted`)
}
