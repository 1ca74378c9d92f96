import { openConnection, type OpenConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { ReadOptions, Snapshot } from '../../ledger/ledger.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'
import { isReadable } from './readable.ts'

/** A number with the connection it is reached by. */
export interface LoadedNumber {
  readonly number: NumberState
  readonly connection: OpenConnection
  /** The provider has a safe read of the key. */
  readonly readable: boolean
}

/** @throws Fault not_found */
export async function readNumber(
  services: Services,
  id: string,
  options: ReadOptions = {},
): Promise<Snapshot<NumberState>> {
  const snapshot = await services.ledger.read<NumberState>({ kind: 'number', id }, options)
  if (snapshot === null) throw new Fault('not_found', `Cannot find number "${id}"`)
  return snapshot
}

/** @throws Fault not_found */
export async function loadNumber(services: Services, id: string): Promise<LoadedNumber> {
  return withConnection(services, (await readNumber(services, id)).state)
}

/**
 * The number with its connection opened, for calling out.
 * @param opened its connection, where that has just been opened
 * @throws Fault not_found
 */
export async function withConnection(
  services: Services,
  number: NumberState,
  opened: OpenConnection | null = null,
): Promise<LoadedNumber> {
  const connection = opened ?? (await openConnection(services, number.connectionId))
  return { number, connection, readable: isReadable(services, number) }
}
