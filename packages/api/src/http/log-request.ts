import { codeOf, errorFields, type Logger } from '@latchkey/core'
import type { Context } from 'hono'
import type { Env } from './context.ts'
import { shownPath } from './shown-path.ts'

/** One line a request. Never the query: in a dialect it may hold a token. */
export function logRequest(logger: Logger, c: Context<Env>, durationMs: number): void {
  const { status } = c.res
  logger.log(status >= 500 ? 'warn' : 'info', 'request', {
    method: c.req.method,
    path: shownPath(c.req.url),
    status,
    code: c.var.failure,
    ms: Math.round(durationMs),
    requestId: c.var.requestId,
    // Set by the authentication, which open routes do not pass.
    actor: 'principal' in c.var ? c.var.principal.actor.id : null,
  })
}

/** Keeps what a request failed of for its line, and tells the log where, if it is a defect of ours. */
export function noteFailure(logger: Logger, c: Context<Env>, error: unknown): void {
  c.set('failure', codeOf(error))
  if (codeOf(error) !== 'internal') return
  logger.log('error', 'Request failed inside Latchkey', {
    requestId: c.var.requestId,
    ...errorFields(error),
  })
}
