import type { Context } from 'hono'
import type { ApiDependencies } from '../dependencies.ts'
import type { Env, RouteContext } from './context.ts'
import type { ProblemContext } from './problem.ts'
import { shownPath } from './shown-path.ts'

/** What Hono knows of a request, as routes want it. */
export function routeContext(
  c: Context<Env>,
  dependencies: ApiDependencies,
): RouteContext<unknown, unknown> {
  return {
    request: c.req.raw,
    params: c.req.param(),
    query: queryOf(c.req.queries()),
    principal: c.get('principal'),
    services: c.get('services'),
    timings: c.get('timings'),
    requestId: c.get('requestId'),
    dependencies,
  }
}

export function problemContext(c: Context<Env>): ProblemContext {
  return {
    origin: originOf(c.req.url),
    instance: shownPath(c.req.url),
    requestId: c.get('requestId'),
  }
}

/**
 * Scheme and host that the caller used. Empty where the URL is none, as a bad Host header makes it: what is built on it
 * is then relative.
 */
export function originOf(url: string): string {
  return URL.parse(url)?.origin ?? ''
}

/** A name that is repeated keeps the list of its values, which no schema takes: which of them was meant nobody knows. */
function queryOf(queries: Readonly<Record<string, readonly string[]>>): unknown {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  )
}
