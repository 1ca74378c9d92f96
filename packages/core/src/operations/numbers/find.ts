import type { OpenConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { ReservationState } from '../../number/reservation.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'
import { DEFAULT_NUMBER, reservationKey } from './identity.ts'

/** Enough to say which there are; who has more knows them. */
const NAMED_MAX = 10

/**
 * The number that an upstream's id names within a connection; null where there is none yet.
 * @throws Fault invalid_request (not an id of this provider), unsupported_operation (the provider has none)
 */
export async function findNumber(
  services: Services,
  connection: OpenConnection,
  upstreamId: string,
): Promise<NumberState | null> {
  const { numbers, id: provider } = connection.provider
  if (numbers === null) throw noNumbers(provider)
  const key = reservationKey(connection, numbers.canonicalId(upstreamId))
  const held = await services.ledger.read<ReservationState>(key)
  if (held === null) return null
  const id = held.state.numberId
  const found = await services.ledger.read<NumberState>({ kind: 'number', id })
  return found?.state.connectionId === connection.state.id ? found.state : null
}

/**
 * The one number of a connection, for callers that name none; null where a deployment that serves one has none yet.
 * @throws Fault conflict where there are several, not_found where there is none, unsupported_operation
 */
export async function findOnlyNumber(
  services: Services,
  connection: OpenConnection,
): Promise<NumberState | null> {
  const { numbers, id: provider } = connection.provider
  if (numbers === null) throw noNumbers(provider)
  if (numbers.single) return findNumber(services, connection, DEFAULT_NUMBER)
  const { items } = await services.ledger.list<NumberState>({
    kind: 'number',
    where: { connectionId: connection.state.id },
    limit: NAMED_MAX,
  })
  const [only, ...others] = items
  if (only !== undefined && others.length === 0) return only.state
  if (only === undefined) {
    throw new Fault('not_found', 'Cannot find number: the connection has none; add it first')
  }
  const named = items.map(({ id, state }) => `${id} (${state.upstreamId})`).join(', ')
  throw new Fault(
    'conflict',
    `Cannot tell which number is meant: name one in place of the connection, of ${named}`,
  )
}

function noNumbers(provider: string): Fault {
  return new Fault('unsupported_operation', `Cannot find number: provider "${provider}" has none`)
}
