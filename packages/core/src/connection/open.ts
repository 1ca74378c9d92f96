import * as z from 'zod'
import { Fault } from '../fault/fault.ts'
import type { Provider, ProviderConnection, RegisteredProvider } from '../provider/provider.ts'
import type { Services } from '../services.ts'
import { type ConnectionState, credentialsPlace } from './state.ts'

/** A connection ready to call out: its provider bound to its configuration and opened credentials. */
export interface OpenConnection {
  readonly state: ConnectionState
  readonly provider: Provider
  readonly bound: ProviderConnection
  readonly maxConcurrent: number
  /** The credentials' values, for keeping them out of what the upstream says. */
  readonly secrets: readonly string[]
}

const limits = z.looseObject({ maxConcurrent: z.number().default(16) })
const credentialsText = z.record(z.string(), z.unknown())

/** @throws Fault not_found */
export async function readConnection(services: Services, id: string): Promise<ConnectionState> {
  const snapshot = await services.ledger.read<ConnectionState>({ kind: 'connection', id })
  if (snapshot === null) throw new Fault('not_found', `Cannot find connection "${id}"`)
  return snapshot.state
}

/** @throws Fault not_found, internal where the credentials do not open */
export async function openConnection(services: Services, id: string): Promise<OpenConnection> {
  return bind(services, await readConnection(services, id))
}

interface Opened {
  readonly by: RegisteredProvider
  readonly connection: OpenConnection
}

/** By their stored state, which is never changed in place: a ledger may give the same one out again and again. */
const opened = new WeakMap<ConnectionState, Opened>()

/** @throws Fault internal where the credentials do not open or the provider is unknown to this build */
export async function bind(services: Services, state: ConnectionState): Promise<OpenConnection> {
  const registered = services.providers.get(state.provider)
  if (registered === undefined) {
    throw new Fault('internal', `Cannot use connection "${state.id}": its provider is not known`)
  }
  const known = opened.get(state)
  if (known?.by === registered) return known.connection
  const provider = await registered.load()
  const credentials = await openCredentials(services, state)
  const connection = {
    state,
    provider,
    bound: provider.connect(state.config, credentials),
    maxConcurrent: limits.parse(state.config).maxConcurrent,
    secrets: Object.values(credentials).filter((value) => typeof value === 'string'),
  }
  opened.set(state, { by: registered, connection })
  return connection
}

/** What a connection calls with, and verifies by. @throws Fault internal where it does not open */
export async function openCredentials(
  services: Services,
  { id, credentials }: ConnectionState,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await services.sealer.open(credentials, credentialsPlace(id))
  return credentialsText.parse(JSON.parse(text))
}
