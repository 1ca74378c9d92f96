import {
  type Dialect,
  type DialectResponse,
  Fault,
  isFault,
  loadedOnce,
  type RegisteredProvider,
} from '@latchkey/core'
import type { Context, Hono } from 'hono'
import type { Authenticator } from '../auth/authenticate.ts'
import type { Env } from '../http/context.ts'
import { noteFailure } from '../http/log-request.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { incomingRequest } from './request.ts'

export interface Mounting {
  readonly providers: Iterable<RegisteredProvider>
  readonly authenticator: Authenticator
  readonly limiter: RateLimiter
}

/** Serves each provider's own wire format under its name: a program changes its host and its secret, nothing else. */
export function mountDialects(
  app: Hono<Env>,
  { providers, authenticator, limiter }: Mounting,
): void {
  const serving = loadedOnce(() => import('./serve.ts'))
  for (const provider of providers) {
    if (!provider.hasDialect) continue
    const loadDialect = loadedOnce(() => dialectOf(provider))
    app.all(`/${provider.id}/:target/*`, async (c) => {
      const services = c.get('services')
      const requestId = c.get('requestId')
      const dialect = await loadDialect()
      const request = incomingRequest(c.req.raw, { at: services.clock.now(), requestId })
      try {
        const target = c.req.param('target')
        const { serveDialect } = await serving()
        const answer = await serveDialect(
          {
            services,
            authenticator,
            dialect,
            spoken: provider.id,
            target,
            admit(principal) {
              c.set('principal', principal)
              const standing = limiter.take(`${principal.actor.kind}:${principal.actor.id}`)
              c.set('rateLimit', standing.headers)
              if (standing.fault !== null) throw standing.fault
            },
          },
          request,
        )
        return responseOf(answer)
      } catch (error) {
        return responseOf(dialect.refuse(faultOf(c, error), request.known()))
      }
    })
  }
}

/** @throws Fault internal where the provider says that it has one, and has none */
async function dialectOf(provider: RegisteredProvider): Promise<Dialect> {
  const { dialect } = await provider.load()
  if (dialect !== undefined) return dialect()
  throw new Fault('internal', `Cannot answer: ${provider.id} has no wire format of its own`)
}

/** What is no fault is a defect of ours, of which nobody is told more than that. */
function faultOf(c: Context<Env>, error: unknown): Fault {
  noteFailure(c.get('services').logger, c, error)
  if (isFault(error)) return error
  return new Fault('internal', 'Cannot answer: something went wrong inside Latchkey')
}

function responseOf({ status, headers, body }: DialectResponse): Response {
  return new Response(body, { status, headers: { ...headers, 'cache-control': 'no-store' } })
}
