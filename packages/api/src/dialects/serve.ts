import {
  AGGREGATE_PREFIXES,
  type Dialect,
  type DialectCall,
  type DialectResponse,
  Fault,
  partitionOf,
  type Principal,
  requireScope,
  requireSight,
  type Services,
} from '@latchkey/core'
import type { Authenticator } from '../auth/authenticate.ts'
import { connectionId as connectionIdSchema, numberId as numberIdSchema } from '../schemas/ids.ts'
import { perform, SCOPES } from './perform.ts'
import type { IncomingRequest } from './request.ts'
import {
  closeSession,
  isSessionSecret,
  openSession,
  renewSession,
  resumeSession,
} from './sessions.ts'

export interface DialectServing {
  readonly services: Services
  readonly authenticator: Authenticator
  readonly dialect: Dialect
  /** The provider whose it is. */
  readonly spoken: string
  /** The part of the path after the dialect's name: a connection, or a number of one. */
  readonly target: string
  /** Told who asks, as soon as it is known; throws where that one asks too often. */
  readonly admit: (principal: Principal) => void
}

/** Answers one request of a dialect. @throws Fault which the dialect has yet to word */
export async function serveDialect(
  serving: DialectServing,
  incoming: IncomingRequest,
): Promise<DialectResponse> {
  const { services, dialect } = serving
  const head = incoming.head()
  const place = placeOf(serving.target)
  // Before the body is even read, unless the token may be in there, to log in with or as it is.
  const early = await dialect.secretOf(head)
  if (early === null && dialect.readsWithoutSecret?.(head) !== true) throw unauthenticated()
  const known = early === null ? null : await authenticate(serving, place, early)
  const request = await incoming.whole()
  const secret = early ?? (await dialect.secretOf(request))
  const principal = known ?? (secret === null ? null : await authenticate(serving, place, secret))
  const call = await dialect.read(request)
  if (call.session !== undefined)
    return answerSession(serving, place, { call, access: secret?.token ?? null })
  if (principal === null) throw unauthenticated()
  requireScope(principal, SCOPES[call.operation])
  return perform({ services, spoken: serving.spoken, actor: principal.actor, ...place }, call)
}

interface Place {
  readonly connectionId: string
  readonly numberId: string | null
}

/** @throws Fault not_found */
function placeOf(target: string): Place {
  if (target.startsWith(AGGREGATE_PREFIXES.number) && numberIdSchema.safeParse(target).success) {
    return { connectionId: partitionOf({ kind: 'number', id: target }), numberId: target }
  }
  if (connectionIdSchema.safeParse(target).success) return { connectionId: target, numberId: null }
  throw new Fault('not_found', 'Cannot find anything at this path')
}

async function authenticate(
  { services, authenticator, admit }: DialectServing,
  { connectionId }: Place,
  { token, isInQuery }: { readonly token: string; readonly isInQuery: boolean },
): Promise<Principal> {
  if (isSessionSecret(token)) {
    const principal = await resumeSession(services, authenticator, { access: token, connectionId })
    return admitted(principal, connectionId, admit)
  }
  const { principal } = await authenticator.identify(services, token)
  // URLs end up in logs and histories: what stands in one must not open everything.
  if (isInQuery && principal.connections === null) {
    throw new Fault(
      'unauthenticated',
      'Cannot take this token in a URL: log in with it, or use one that is limited to connections',
    )
  }
  return admitted(principal, connectionId, admit)
}

function admitted(
  principal: Principal,
  connectionId: string,
  admit: DialectServing['admit'],
): Principal {
  admit(principal)
  requireSight(principal, connectionId, { noun: 'connection', id: connectionId })
  return principal
}

type SessionCall = Extract<DialectCall, { session: string }>

async function answerSession(
  { services, authenticator, dialect, admit }: DialectServing,
  { connectionId }: Place,
  { call, access }: { readonly call: SessionCall; readonly access: string | null },
): Promise<DialectResponse> {
  const { sessions: limits } = dialect
  if (limits === undefined) throw new Fault('internal', 'Cannot log in: there are no sessions')
  switch (call.session) {
    case 'open': {
      const identity = await authenticator.identify(services, call.token)
      admitted(identity.principal, connectionId, admit)
      return call.answer(await openSession(services, { identity, connectionId, limits }))
    }
    case 'renew': {
      const { renewal } = call
      const issued = await renewSession(services, authenticator, { renewal, connectionId, limits })
      return call.answer(issued)
    }
    case 'close':
      if (access === null) throw unauthenticated()
      if (isSessionSecret(access)) await closeSession(services, { access, connectionId })
      return call.answer()
  }
}

function unauthenticated(): Fault {
  return new Fault('unauthenticated', 'Cannot authenticate: the request has no token')
}
