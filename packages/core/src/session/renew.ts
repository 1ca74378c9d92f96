import { type OpenConnection, readConnection } from '../connection/open.ts'
import { amendFault, Fault, isFault } from '../fault/fault.ts'
import { randomText } from '../ids.ts'
import { type Instant, isAhead, MINUTE, SECOND } from '../instant.ts'
import type { Exchange } from '../provider/exchange.ts'
import type { Session, SessionProtocol } from '../provider/provider.ts'
import { requireTimeForCall } from '../provider/time-for-call.ts'
import { CALL_MAX_MS } from '../provider/upstream.ts'
import type { Services } from '../services.ts'
import { giveBack } from './give-back.ts'
import { openKept, sealSession } from './kept.ts'
import { NO_SESSION, sessionKey, sessionOf, type SessionState } from './state.ts'

/** Longer than a renewal that is refused and the login after it can take, with what is read and sealed between. */
const RENEWAL_LEASE_MS = 2 * CALL_MAX_MS + 10 * SECOND
/** A session this close to its end is renewed before use. */
const EXPIRY_MARGIN_MS = MINUTE
/** After refused credentials, where the protocol asks for no more; a PATCH of the connection ends the wait. */
const REFUSED_PAUSE_MS = 30 * SECOND
const WAIT_STEP_MS = 100
const WAIT_MAX_MS = 25 * SECOND

export interface LiveSession {
  readonly secret: string
  readonly serial: number
}

type Turn =
  | { readonly turn: 'renew' }
  | { readonly turn: 'wait' }
  /** Somebody renewed it in between. */
  | { readonly turn: 'again' }
  | { readonly turn: 'refused'; readonly until: number }

export interface SessionWish {
  /** No call to the upstream begins that could end after this. */
  readonly until: Instant
  /** The serial of a session that the upstream no longer takes. */
  readonly ended?: number
}

/**
 * The connection's session, opened or renewed if need be. Of many callers one renews and the rest wait for it.
 * @throws Fault upstream_unauthorized where the credentials were refused, or were a moment ago; upstream_* where the
 * login failed, and conflict where the connection was changed, neither of which has an effect on anything that the
 * caller is about to change
 */
export async function liveSession(
  services: Services,
  connection: OpenConnection,
  protocol: SessionProtocol,
  { until, ended = 0 }: SessionWish,
): Promise<LiveSession> {
  const key = sessionKey(connection.state.id)
  const holder = randomText(services.random, 16)
  for (let waited = 0; waited <= WAIT_MAX_MS; waited += WAIT_STEP_MS) {
    const present = await services.ledger.read<SessionState>(key)
    const live = await usable(services, connection, present?.state ?? NO_SESSION, ended)
    if (live !== null) return live
    requireTimeForCall(services, until)
    const now = services.clock.now()
    const { renewal: underWay } = sessionOf(connection.state, present?.state ?? null)
    if (!runs(underWay?.leaseUntil ?? null, RENEWAL_LEASE_MS, now)) {
      await requireCurrent(services, connection)
    }
    const turn = await services.ledger.mutate<SessionState, Turn>(key, (state) => {
      const { serial, configuredAt } = present?.state ?? {}
      if (state?.serial !== serial || state?.configuredAt !== configuredAt) {
        return { result: { turn: 'again' } }
      }
      const session = sessionOf(connection.state, state)
      if (runs(session.refusedUntil, refusedPause(protocol), now)) {
        return { result: { turn: 'refused', until: session.refusedUntil } }
      }
      if (runs(session.renewal?.leaseUntil ?? null, RENEWAL_LEASE_MS, now)) {
        return { result: { turn: 'wait' } }
      }
      const renewal = { holder, leaseUntil: now + RENEWAL_LEASE_MS }
      return { result: { turn: 'renew' }, next: { ...session, renewal }, labels: {} }
    })
    if (turn.turn === 'refused') {
      throw new Fault(
        'upstream_unauthorized',
        'Cannot log in: the upstream refused these credentials a moment ago; change the connection’s credentials to try at once',
        { retryAfterMs: turn.until - now },
      )
    }
    if (turn.turn === 'renew') {
      const renewed = await renew(services, connection, protocol, { holder, until })
      if (renewed !== null) return renewed
    }
    if (turn.turn === 'wait') await services.clock.sleep(WAIT_STEP_MS)
  }
  throw new Fault(
    'upstream_timeout',
    'Cannot log in: another login to this upstream takes too long',
  )
}

/** A login with settings of yesterday would take the place of one with those of today. */
async function requireCurrent(services: Services, { state }: OpenConnection): Promise<void> {
  const present = await readConnection(services, state.id)
  if (present.updatedAt === state.updatedAt) return
  throw new Fault('conflict', 'Cannot log in: the connection was changed meanwhile', {
    retryable: true,
  })
}

/** The session as it is kept, where this connection may still use it. */
async function usable(
  services: Services,
  { state }: OpenConnection,
  kept: SessionState,
  ended: number,
): Promise<LiveSession | null> {
  const { serial, sealed, expiresAt } = sessionOf(state, kept)
  if (sealed === null || serial <= ended) return null
  if (expiresAt !== null && expiresAt - EXPIRY_MARGIN_MS <= services.clock.now()) return null
  const { secret } = await openKept(services, state.id, sealed)
  return { secret, serial }
}

function refusedPause({ refusedPauseMs = REFUSED_PAUSE_MS }: SessionProtocol): number {
  return refusedPauseMs
}

function runs(until: Instant | null, spanMs: number, now: Instant): until is Instant {
  return until !== null && isAhead(until, now, spanMs)
}

/** The session that was opened; null where somebody else's took its place meanwhile. */
async function renew(
  services: Services,
  connection: OpenConnection,
  protocol: SessionProtocol,
  { holder, until }: { readonly holder: string; readonly until: Instant },
): Promise<LiveSession | null> {
  const { state: configured } = connection
  const key = sessionKey(configured.id)
  let opened: Session
  let serial: number | null
  try {
    opened = await nextSession(services, connection, protocol, until)
    const { expiresAt } = opened
    const sealed = await sealSession(services, configured.id, opened)
    serial = await services.ledger.mutate<SessionState, number | null>(key, (state) => {
      if (state?.renewal?.holder !== holder) return { result: null }
      const next = {
        ...NO_SESSION,
        serial: state.serial + 1,
        configuredAt: configured.updatedAt,
        sealed,
        expiresAt,
      }
      return { result: next.serial, next, labels: {} }
    })
  } catch (error) {
    const refused = isFault(error) && error.code === 'upstream_unauthorized'
    await services.ledger.mutate<SessionState, null>(key, (state) => {
      const session = sessionOf(configured, state)
      if (session.renewal?.holder !== holder) return { result: null }
      const refusedUntil = refused
        ? services.clock.now() + refusedPause(protocol)
        : session.refusedUntil
      return { result: null, next: { ...session, renewal: null, refusedUntil }, labels: {} }
    })
    throw isFault(error) ? amendFault(error, { effect: 'no' }) : error
  }
  if (serial !== null) return { secret: opened.secret, serial }
  await giveBack(services, connection, opened.secret)
  return null
}

/** By what the present session left for it, where there is such; otherwise by the credentials. */
async function nextSession(
  services: Services,
  connection: OpenConnection,
  protocol: SessionProtocol,
  until: Instant,
): Promise<Session> {
  const { renew: renewing } = protocol
  const kept = await services.ledger.read<SessionState>(sessionKey(connection.state.id))
  const { sealed } = sessionOf(connection.state, kept?.state ?? null)
  const renewal =
    sealed === null ? undefined : (await openKept(services, connection.state.id, sealed)).renewal
  if (renewing === undefined || renewal === undefined) {
    return perform(services, connection, { exchange: protocol.open, input: {}, until })
  }
  try {
    const input = { renewal }
    return await perform(services, connection, {
      exchange: renewing,
      input,
      secrets: [renewal],
      until,
    })
  } catch (error) {
    // Anything but a refusal says nothing of the credentials, and a login would fail of the same.
    if (!isFault(error) || error.effect !== 'no' || !isRefusal(error, protocol)) throw error
    return perform(services, connection, { exchange: protocol.open, input: {}, until })
  }
}

function isRefusal(fault: Fault, protocol: SessionProtocol): boolean {
  return (
    fault.code === 'upstream_unauthorized' ||
    fault.code === 'upstream_rejected' ||
    protocol.ended(fault)
  )
}

async function perform<Input>(
  services: Services,
  connection: OpenConnection,
  {
    exchange,
    input,
    until,
    secrets = [],
  }: {
    readonly exchange: Exchange<Input, Session>
    readonly input: Input
    readonly until: Instant
    readonly secrets?: readonly string[]
  },
): Promise<Session> {
  requireTimeForCall(services, until)
  const { value } = await services.upstream.perform({
    origin: connection.bound.origin,
    exchange,
    input,
    session: null,
    lane: { key: connection.state.id, limit: connection.maxConcurrent },
    secrets: [...connection.secrets, ...secrets],
  })
  return value
}
