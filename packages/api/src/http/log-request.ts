import { codeOf, errorFields, type Logger, type Principal } from '@latchkey/core'
import type { Context } from 'hono'
import type { Env } from './context.ts'
import { shownPath } from './shown-path.ts'

/** One line a request. Never the query: in a dialect it may hold a token. */
export function logRequest(logger: Logger, c: Context<Env>, durationMs: number): void {
  const { status } = c.res
  // Set by the authentication, which open routes do not pass.
  const principal: Principal | undefined = c.get('principal')
  logger.log(status >= 500 ? 'warn' : 'info', 'request', {
    method: c.req.method,
    path: shownPath(c.req.url),
    status,
    code: c.get('failure'),
    ms: Math.round(durationMs),
    requestId: c.get('requestId'),
    actor: principal?.actor.id ?? null,
  })
}

/** Keeps what a request failed of for its line, and tells the log where, if it is a defect of ours. */
export function noteFailure(logger: Logger, c: Context<Env>, error: unknown): void {
  c.set('failure', codeOf(error))
  if (codeOf(error) !== 'internal') return
  logger.log('error', 'Request failed inside Latchkey', {
    requestId: c.get('requestId'),
    ...errorFields(error),
  })
}
