import { connectionLabels, type ConnectionState } from '../../connection/state.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { Actor } from '../../ledger/ledger.ts'
import { receiptOf, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { closeSession } from '../../session/close.ts'
import { sessionKey, type SessionState } from '../../session/state.ts'
import { forgetCertificates } from '../certificates/forget.ts'
import { forgetNotices } from '../notices/forget.ts'
import { deleteNumber } from '../numbers/remove.ts'
import { connectionEvent, notFound } from './store.ts'

const PAGE = 200

/**
 * Deletes a connection. While it is being deleted it takes no new numbers, so that none is left behind.
 * @throws Fault not_found, conflict while numbers use it (unless `cascade`), or where another deletion was refused
 */
export async function deleteConnection(
  services: Services,
  request: Request<null>,
  { id, cascade }: { readonly id: string; readonly cascade: boolean },
): Promise<void> {
  await setClosing(services, id, true)
  try {
    await clearNumbers(services, request.actor, { id, cascade })
  } catch (error) {
    await setClosing(services, id, false)
    throw error
  }
  await forgetCertificates(services, request.actor, id)
  await forgetNotices(services, id)
  await endSession(services, id)
  await services.ledger.mutate<SessionState, null>(sessionKey(id), (session) =>
    session === null ? { result: null } : { result: null, next: null },
  )
  await services.ledger.mutate<ConnectionState, null>({ kind: 'connection', id }, (state) => {
    if (state === null) throw notFound(id)
    // A refused deletion that ran beside this one: numbers may have been added since.
    if (!state.closing) {
      throw new Fault('conflict', 'Cannot delete connection: it was opened again meanwhile', {
        retryable: true,
      })
    }
    const data = { provider: state.provider, name: state.name }
    return {
      result: null,
      next: null,
      events: [connectionEvent('connection.deleted', request, services.clock.now(), data)],
      ...receiptOf(request, null),
    }
  })
}

/** @throws Fault conflict where there are numbers that are not to be deleted too */
async function clearNumbers(
  services: Services,
  actor: Actor,
  { id, cascade }: { readonly id: string; readonly cascade: boolean },
): Promise<void> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof services.ledger.list>> = await services.ledger.list({
      kind: 'number',
      where: { connectionId: id },
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    if (page.items.length > 0 && !cascade) {
      throw new Fault(
        'conflict',
        'Cannot delete connection: numbers use it; delete them first, or add ?cascade=true',
      )
    }
    for (const row of page.items) await deletePresent(services, actor, row.id)
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** Deletes a number, unless somebody else just has: lists may be a moment behind. */
async function deletePresent(services: Services, actor: Actor, id: string): Promise<void> {
  try {
    await deleteNumber(services, { actor }, id)
  } catch (error) {
    if (!isFault(error) || error.code !== 'not_found') throw error
  }
}

/** Credentials that no longer open are no reason to keep the connection. */
async function endSession(services: Services, id: string): Promise<void> {
  try {
    await closeSession(services, await openConnection(services, id))
  } catch (error) {
    if (!isFault(error)) throw error
  }
}

function setClosing(services: Services, id: string, closing: boolean): Promise<null> {
  return services.ledger.mutate<ConnectionState, null>({ kind: 'connection', id }, (state) => {
    if (state === null) throw notFound(id)
    const labels = connectionLabels(services.providers, state)
    return { result: null, next: { ...state, closing }, labels }
  })
}
