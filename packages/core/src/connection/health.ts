import type { Fault } from '../fault/fault.ts'
import type { FaultCode } from '../fault/codes.ts'
import { type Instant, MINUTE, toTimestamp } from '../instant.ts'
import type { Decision } from '../ledger/ledger.ts'
import type { ProviderRegistry } from '../provider/provider.ts'
import type { Services } from '../services.ts'
import { connectionLabels, type ConnectionState } from './state.ts'

/** One that has failed for so long, without a success in between, is told of. */
const FAILING_MS = 5 * MINUTE
const ACTOR = { kind: 'system', id: 'health' } as const
/** What tells of the connection, whatever it was that was asked for. */
const TELLING: ReadonlySet<FaultCode> = new Set([
  'upstream_timeout',
  'upstream_unauthorized',
  'upstream_unavailable',
])

/** Notes that a call has succeeded, where earlier ones had not. */
export async function noteSuccess(services: Services, seen: ConnectionState): Promise<void> {
  if (seen.trouble === undefined) return
  await change(services, seen.id, (state, now) => {
    const { trouble, ...well } = state
    if (trouble === undefined) return { result: null }
    const data = { since: toTimestamp(trouble.since) }
    return {
      ...put(services.providers, well),
      ...(trouble.isTold
        ? { events: [{ type: 'connection.recovered', at: now, actor: ACTOR, data }] }
        : {}),
    }
  })
}

/** Notes that a call has failed; the second time after five minutes is told, once. */
export async function noteFailure(
  services: Services,
  seen: ConnectionState,
  fault: Fault,
): Promise<void> {
  const now = services.clock.now()
  if (!TELLING.has(fault.code) || !isNews(seen, now)) return
  await change(services, seen.id, (state) => {
    const { trouble } = state
    if (!isNews(state, now)) return { result: null }
    if (trouble === undefined) {
      return put(services.providers, { ...state, trouble: { since: now, isTold: false } })
    }
    const { since } = trouble
    const status = fault.upstream?.status ?? null
    const data = { since: toTimestamp(since), code: fault.code, status }
    return {
      ...put(services.providers, { ...state, trouble: { since, isTold: true } }),
      events: [{ type: 'connection.failing', at: now, actor: ACTOR, data }],
    }
  })
}

/** Whether a failure now would change what is known. */
function isNews({ trouble }: ConnectionState, now: Instant): boolean {
  return trouble === undefined || (!trouble.isTold && now - trouble.since >= FAILING_MS)
}

/** What came of a call is told to its caller whether or not this can be noted. */
async function change(
  { ledger, clock, logger }: Services,
  id: string,
  decide: (state: ConnectionState, now: Instant) => Decision<ConnectionState, null>,
): Promise<void> {
  try {
    await ledger.mutate<ConnectionState, null>({ kind: 'connection', id }, (state) =>
      state === null ? { result: null } : decide(state, clock.now()),
    )
  } catch {
    logger.log('warn', 'Cannot note how a connection is', { connection: id })
  }
}

function put(providers: ProviderRegistry, next: ConnectionState) {
  return { result: null, next, labels: connectionLabels(providers, next) }
}
