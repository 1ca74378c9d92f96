import {
  closeLogin,
  type Dialect,
  Fault,
  findLogin,
  type Instant,
  type IssuedSession,
  type LoginPlace,
  type LoginSession,
  openLogin,
  type Principal,
  renewLogin,
  type Services,
} from '@latchkey/core'
import { mintToken, sha256Hex } from '@latchkey/crypto'
import type { Authenticator, Identity } from '../auth/authenticate.ts'

const PREFIX = 'lks_'
const SLOT = /^lks_([0-9a-f]{12})_lk_[\w-]{43}$/

type Limits = NonNullable<Dialect['sessions']>

/** Whether a text is a secret of a session, rather than a token. */
export function isSessionSecret(text: string): boolean {
  return text.startsWith(PREFIX)
}

/**
 * Gives out a short-lived session for a token, which it ends with.
 * @throws Fault quota_exceeded
 */
export async function openSession(
  services: Services,
  {
    identity,
    connectionId,
    limits,
  }: {
    readonly identity: Identity
    readonly connectionId: string
    readonly limits: Limits
  },
): Promise<IssuedSession> {
  const { principal, digest, expiresAt } = identity
  const { kind, id } = principal.actor
  const slot = (await sha256Hex(JSON.stringify([kind, id]))).slice(0, 12)
  const issued = issue(services, slot, { limits, endsAt: expiresAt })
  await openLogin(
    services,
    { connectionId, slot },
    {
      session: {
        ...(await digests(issued)),
        credential: digest,
        credentialUntil: expiresAt,
        principal,
      },
      limit: limits.limit,
    },
  )
  return issued
}

/** Who a session's access token speaks for. @throws Fault unauthenticated */
export async function resumeSession(
  services: Services,
  authenticator: Authenticator,
  { access, connectionId }: { readonly access: string; readonly connectionId: string },
): Promise<Principal> {
  const session = await findLogin(services, placeOf(access, connectionId), await sha256Hex(access))
  if (session === null) throw ended()
  return principalBehind(services, authenticator, session)
}

/** @throws Fault unauthenticated */
export async function renewSession(
  services: Services,
  authenticator: Authenticator,
  {
    renewal,
    connectionId,
    limits,
  }: {
    readonly renewal: string
    readonly connectionId: string
    readonly limits: Limits
  },
): Promise<IssuedSession> {
  const place = placeOf(renewal, connectionId)
  const renewalDigest = await sha256Hex(renewal)
  const issued = issue(services, place.slot, { limits, endsAt: null })
  const next = await digests(issued)
  const renewed = await renewLogin(services, place, {
    renewalDigest,
    next: (session) => bounded({ ...session, ...next }),
  })
  await principalBehind(services, authenticator, renewed)
  return { ...issued, accessUntil: renewed.accessUntil, renewalUntil: renewed.renewalUntil }
}

/** Ends a session; one that is not there has ended. */
export async function closeSession(
  services: Services,
  { access, connectionId }: { readonly access: string; readonly connectionId: string },
): Promise<void> {
  await closeLogin(services, placeOf(access, connectionId), await sha256Hex(access))
}

/** The token behind a session may have been revoked since; a JWT's session ended with the JWT. */
async function principalBehind(
  services: Services,
  authenticator: Authenticator,
  { principal, credential }: LoginSession,
): Promise<Principal> {
  if (principal.actor.kind === 'jwt') return principal
  const present = await authenticator.recall(services, credential)
  if (present === null) throw ended()
  return present
}

function issue(
  { clock, random }: Services,
  slot: string,
  { limits, endsAt }: { readonly limits: Limits; readonly endsAt: Instant | null },
): IssuedSession {
  const now = clock.now()
  const end = endsAt ?? Number.POSITIVE_INFINITY
  return {
    access: `${PREFIX}${slot}_${mintToken(random)}`,
    accessUntil: Math.min(now + limits.accessMs, end),
    renewal: `${PREFIX}${slot}_${mintToken(random)}`,
    renewalUntil: Math.min(now + limits.renewalMs, end),
  }
}

function bounded(session: LoginSession): LoginSession {
  const end = session.credentialUntil ?? Number.POSITIVE_INFINITY
  return {
    ...session,
    accessUntil: Math.min(session.accessUntil, end),
    renewalUntil: Math.min(session.renewalUntil, end),
  }
}

async function digests({ access, accessUntil, renewal, renewalUntil }: IssuedSession) {
  return {
    accessDigest: await sha256Hex(access),
    accessUntil,
    renewalDigest: await sha256Hex(renewal),
    renewalUntil,
  }
}

/** @throws Fault unauthenticated for what cannot be a secret of a session */
function placeOf(secret: string, connectionId: string): LoginPlace {
  const slot = SLOT.exec(secret)?.[1]
  if (slot === undefined) throw ended()
  return { connectionId, slot }
}

function ended(): Fault {
  return new Fault('unauthenticated', 'Cannot authenticate: the session is unknown, or has ended')
}
