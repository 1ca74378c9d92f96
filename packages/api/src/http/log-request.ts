import type { Logger } from '@latchkey/core'
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
    ms: Math.round(durationMs),
    requestId: c.var.requestId,
    // Set by the authentication, which open routes do not pass.
    actor: 'principal' in c.var ? c.var.principal.actor.id : null,
  })
}

/** Where in the code an error came from, without its message: that may hold anything. */
export function placeOf(error: Error): string {
  const { stack = '', message } = error
  // The stack repeats the message, of which a line may begin like a frame.
  const frames = stack.slice(Math.max(stack.indexOf(message), 0) + message.length)
  const frame = frames.split('\n').find((line) => line.trim().startsWith('at '))
  return frame?.trim() ?? 'unknown'
}
