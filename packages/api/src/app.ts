import { Fault, requireScope } from '@latchkey/core'
import type { Context, Hono } from 'hono'
import { HonoBase } from 'hono/hono-base'
import { TrieRouter } from 'hono/router/trie-router'
import { type Authenticator, createAuthenticator } from './auth/authenticate.ts'
import type { ApiDependencies } from './dependencies.ts'
import { mountDialects } from './dialects/mount.ts'
import { announceLength } from './http/announce-length.ts'
import type { Env } from './http/context.ts'
import { requireHost } from './http/host.ts'
import { logRequest, noteFailure } from './http/log-request.ts'
import { honoPath, methodsOf } from './http/paths.ts'
import { problemResponse } from './http/problem.ts'
import { createRateLimiter, type RateLimiter } from './http/rate-limit.ts'
import { requestIdOf } from './http/request-id.ts'
import { problemContext, routeContext } from './http/route-context.ts'
import { timedServices, Timings } from './http/timings.ts'
import type { MountedRoute } from './route.ts'
import { allRoutes } from './routes/all.ts'

/** The whole HTTP face of Latchkey, over whatever the composition root hands in. */
export function createApp(dependencies: ApiDependencies): Hono<Env> {
  const { services, settings } = dependencies
  const authenticator = createAuthenticator(dependencies)
  const limiter = createRateLimiter(settings.rateLimit, services.clock)
  const routes = allRoutes({
    authenticator,
    limiter,
    providers: services.providers,
    version: settings.version,
  })
  // The router of Hono's choice makes one expression of all routes, for which a first request would wait some
  // milliseconds; each one after it saves a quarter of a microsecond.
  const app = new HonoBase<Env>({ router: new TrieRouter() })

  app.use(async (c, next) => {
    const timings = new Timings()
    c.set('requestId', requestIdOf(c.req.raw, services.random))
    c.set('timings', timings)
    c.set('rateLimit', {})
    c.set('failure', null)
    c.set('services', timedServices(services, timings))
    const began = performance.now()
    await next()
    await announceLength(c)
    // Hono's own setter makes a new response for every header of a finished one.
    const { headers } = c.res
    headers.set('x-request-id', c.get('requestId'))
    headers.set('x-content-type-options', 'nosniff')
    headers.set('server-timing', timings.header())
    for (const [name, value] of Object.entries(c.get('rateLimit'))) headers.set(name, value)
    logRequest(services.logger, c, performance.now() - began)
  })

  app.use(async (c, next) => {
    requireHost(c.req.raw.headers)
    await next()
  })

  for (const route of routes) {
    app.on(route.method.toUpperCase(), honoPath(route.path), async (c) => {
      await admit(c, route, { authenticator, limiter })
      return route.run(routeContext(c, dependencies))
    })
  }

  mountDialects(app, { providers: services.providers.values(), authenticator, limiter })

  app.notFound((c) => {
    const allow = methodsOf(routes, c.req.path).join(', ')
    if (allow === '') {
      const fault = new Fault('not_found', 'Cannot find anything at this path')
      return problemResponse(fault, problemContext(c))
    }
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
    const fault = new Fault('method_not_allowed', `Cannot ${c.req.method} here: use ${allow}`)
    return problemResponse(fault, problemContext(c), { allow })
  })

  app.onError((error, c) => {
    noteFailure(services.logger, c, error)
    return problemResponse(error, problemContext(c))
  })
  return app
}

/** Lets a request through that its route is for. @throws Fault unauthenticated, forbidden, rate_limited */
async function admit(
  c: Context<Env>,
  route: Pick<MountedRoute, 'scope'>,
  {
    authenticator,
    limiter,
  }: { readonly authenticator: Authenticator; readonly limiter: RateLimiter },
): Promise<void> {
  if (route.scope === null) return
  const authorization = c.req.header('authorization') ?? null
  const principal = await authenticator.authenticate(c.get('services'), authorization)
  c.set('principal', principal)
  const { headers, fault } = limiter.take(`${principal.actor.kind}:${principal.actor.id}`)
  c.set('rateLimit', headers)
  if (fault !== null) throw fault
  requireScope(principal, route.scope)
}
