import { Fault } from '../../fault/fault.ts'
import {
  liveSessions,
  loginKey,
  type LoginSession,
  type LoginState,
  SESSIONS_MAX,
} from '../../login/state.ts'
import type { Services } from '../../services.ts'

/** One caller at one connection. */
export interface LoginPlace {
  readonly connectionId: string
  readonly slot: string
}

/**
 * Remembers a session.
 * @param limit how many a caller may have whose access has not ended; null: the oldest makes room
 * @throws Fault quota_exceeded
 */
export async function openLogin(
  services: Services,
  place: LoginPlace,
  { session, limit }: { readonly session: LoginSession; readonly limit: number | null },
): Promise<void> {
  const now = services.clock.now()
  await mutateLogin(services, place, (state) => {
    const live = liveSessions(state, now)
    if (limit !== null && live.filter(({ accessUntil }) => accessUntil > now).length >= limit) {
      throw new Fault(
        'quota_exceeded',
        `Cannot log in: this token has ${limit} sessions already; end one, or wait for it to end`,
      )
    }
    return { result: null, sessions: [...live, session].slice(-SESSIONS_MAX) }
  })
}

/** The session of an access token's digest; null where it has ended, or there never was. */
export async function findLogin(
  services: Services,
  place: LoginPlace,
  accessDigest: string,
): Promise<LoginSession | null> {
  const now = services.clock.now()
  const stored = await services.ledger.read<LoginState>(loginKey(place.connectionId, place.slot))
  const found = liveSessions(stored?.state ?? null, now).find(
    (session) => session.accessDigest === accessDigest,
  )
  return found !== undefined && found.accessUntil > now ? found : null
}

/**
 * Puts a session in the place of the one that the renewal belongs to; each renewal is good once.
 * @throws Fault unauthenticated
 */
export async function renewLogin(
  services: Services,
  place: LoginPlace,
  {
    renewalDigest,
    next,
  }: {
    readonly renewalDigest: string
    readonly next: (session: LoginSession) => LoginSession
  },
): Promise<LoginSession> {
  const now = services.clock.now()
  return mutateLogin(services, place, (state) => {
    const live = liveSessions(state, now)
    const found = live.find((session) => session.renewalDigest === renewalDigest)
    if (found === undefined || found.renewalUntil <= now) {
      throw new Fault('unauthenticated', 'Cannot renew session: it is unknown, or has ended')
    }
    const renewed = next(found)
    return { result: renewed, sessions: live.map((each) => (each === found ? renewed : each)) }
  })
}

/** Ends a session; one that is not there has ended. */
export async function closeLogin(
  services: Services,
  place: LoginPlace,
  accessDigest: string,
): Promise<void> {
  const now = services.clock.now()
  await mutateLogin(services, place, (state) => ({
    result: null,
    sessions: liveSessions(state, now).filter((session) => session.accessDigest !== accessDigest),
  }))
}

function mutateLogin<R>(
  services: Services,
  { connectionId, slot }: LoginPlace,
  change: (state: LoginState | null) => {
    readonly result: R
    readonly sessions: readonly LoginSession[]
  },
): Promise<R> {
  return services.ledger.mutate<LoginState, R>(loginKey(connectionId, slot), (state) => {
    const { result, sessions } = change(state)
    return { result, next: sessions.length === 0 ? null : { sessions }, labels: {} }
  })
}
