import { type OpenConnection, openConnection } from '../../connection/open.ts'
import type { AggregateKey } from '../../ledger/keys.ts'
import type { NumberState } from '../../number/state.ts'
import { unobserve } from '../../number/observe.ts'
import type { Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { numberDecision } from '../key/commit.ts'
import { isReadable } from '../key/readable.ts'
import { reservationKey } from '../numbers/identity.ts'
import { release, reserve } from '../numbers/reserve.ts'

const PAGE = 200

type Bound = Pick<OpenConnection, 'bound' | 'provider'>

export interface Move {
  /** Frees what the numbers had at the old address, and forgets what was read there; after the connection has moved. */
  finish(): Promise<void>
  /** Frees what was taken at the new address; where the connection does not move after all. */
  undo(): Promise<void>
}

/**
 * Takes a connection's numbers at its new address, where a change of host or account gives it one.
 * @throws Fault conflict where one of them is known there already; nothing stays taken then
 */
export async function moveNumbers(
  services: Services,
  request: Pick<Request, 'sees'>,
  {
    connectionId,
    from,
    to,
  }: { readonly connectionId: string; readonly from: Bound; readonly to: Bound },
): Promise<Move> {
  const old: [AggregateKey, string][] = []
  const taken: [AggregateKey, string][] = []
  const free = async (held: readonly [AggregateKey, string][], address: Bound) => {
    // Somebody else may have moved the connection there meanwhile: its numbers stay taken where it is.
    const present = await openConnection(services, connectionId).catch(() => null)
    if (present !== null && isSameAddress(present, address)) return
    for (const [key, numberId] of held) await release(services, key, numberId)
  }
  const move = {
    async finish() {
      for (const [, numberId] of old) await forgetReading(services, numberId)
      await free(old, from)
    },
    undo: () => free(taken, to),
  }
  if (isSameAddress(from, to)) return move
  try {
    for await (const number of numbersOf(services, connectionId)) {
      const key = reservationKey(to, number.upstreamId)
      const wanted = { numberId: number.id, at: services.clock.now() }
      await reserve(services, request, { key, wanted })
      taken.push([key, number.id])
      old.push([reservationKey(from, number.upstreamId), number.id])
    }
    return move
  } catch (error) {
    await move.undo()
    throw error
  }
}

async function forgetReading(services: Services, id: string): Promise<void> {
  await services.ledger.mutate<NumberState, null>({ kind: 'number', id }, (state) => {
    if (state === null) return { result: null }
    const readable = isReadable(services, state)
    return numberDecision(unobserve(state, services.clock.now()), { readable, result: null })
  })
}

/** Whether numbers would be reserved alike through both. */
function isSameAddress(one: Bound, other: Bound): boolean {
  return reservationKey(one, '').id === reservationKey(other, '').id
}

async function* numbersOf(services: Services, connectionId: string): AsyncIterable<NumberState> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof services.ledger.list<NumberState>>> =
      await services.ledger.list<NumberState>({
        kind: 'number',
        where: { connectionId },
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const row of page.items) yield row.state
    cursor = page.nextCursor
  } while (cursor !== null)
}
