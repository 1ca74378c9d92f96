import { noteFailure, noteSuccess } from '../connection/health.ts'
import type { OpenConnection } from '../connection/open.ts'
import { Fault, isFault, withProvider } from '../fault/fault.ts'
import { type Instant, SECOND } from '../instant.ts'
import type { OperationName, OperationShapes } from '../provider/operations.ts'
import { requireTimeForCall } from '../provider/time-for-call.ts'
import type { UpstreamOutcome } from '../provider/upstream.ts'
import type { Services } from '../services.ts'
import { liveSession } from '../session/renew.ts'

/** For an operation with its logins, and a wait for somebody else's. */
const OPERATION_MS = 75 * SECOND

/**
 * Performs one operation on a connection's upstream, with its session where it has one. A session that has ended
 * is renewed once, never in a loop. Neither the call nor a login begins that could end after 75 s.
 * @param secrets what this call carries beside the credentials, which nobody else may learn from its answer
 * @param leaseUntil when it has to have ended, if that is sooner
 * @throws Fault unsupported_operation, upstream_*
 */
export async function callUpstream<Name extends OperationName>(
  services: Services,
  connection: OpenConnection,
  name: Name,
  input: OperationShapes[Name]['input'],
  secrets: readonly string[] = [],
  leaseUntil: Instant = Infinity,
): Promise<UpstreamOutcome<OperationShapes[Name]['output']>> {
  const { bound, provider, state } = connection
  const until = Math.min(leaseUntil, services.clock.now() + OPERATION_MS)
  const exchange = bound.operations[name]
  if (exchange === undefined) throw unsupported(connection, name)
  const { pace } = services.upstream
  const perform = async (session: string | null) => {
    requireTimeForCall(services, until)
    const outcome = await services.upstream.perform<
      OperationShapes[Name]['input'],
      OperationShapes[Name]['output']
    >({
      origin: bound.origin,
      exchange,
      input,
      session,
      lane: { key: state.id, limit: connection.maxConcurrent },
      // The connection's own list is known to who compares with it, call after call.
      secrets: secrets.length === 0 ? connection.secrets : [...connection.secrets, ...secrets],
      ...(bound.pressure === undefined ? {} : { pressure: bound.pressure }),
    })
    pace.noteAnswer(state.id, outcome.pressure, services.clock.now())
    await noteSuccess(services, state)
    return outcome
  }
  try {
    const { session: protocol } = bound
    if (protocol === undefined) return await perform(null)
    const session = await liveSession(services, connection, protocol, { until })
    try {
      return await perform(session.secret)
    } catch (error) {
      if (!isFault(error) || error.effect !== 'no' || !protocol.ended(error)) throw error
      const renewed = await liveSession(services, connection, protocol, {
        until,
        ended: session.serial,
      })
      return await perform(renewed.secret)
    }
  } catch (error) {
    if (!isFault(error)) throw error
    if (error.code === 'upstream_rate_limited') {
      pace.noteRefusal(state.id, error.retryAfterMs ?? null, services.clock.now())
    }
    await noteFailure(services, state, error)
    throw withProvider(error, provider.id)
  }
}

export function supports(connection: OpenConnection, name: OperationName): boolean {
  return connection.bound.operations[name] !== undefined
}

export function unsupported(connection: OpenConnection, name: OperationName): Fault {
  const declared = connection.provider.operationNames.includes(name)
  return new Fault(
    'unsupported_operation',
    declared
      ? `Cannot perform ${name}: this connection’s config lacks what it takes (see GET /v1/providers)`
      : `Cannot perform ${name}: provider "${connection.provider.id}" does not offer it`,
  )
}
