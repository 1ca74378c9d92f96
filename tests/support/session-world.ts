import { Fault, type Provider, SECOND, type Services, createPace } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { CALM, modelProvider, registryOf } from './model-upstream.ts'
import { modelWorld } from './model-world.ts'

export const LOGIN = 'login'
export const LOGOUT = 'logout'

/** The model's provider behind a login, whose sessions can be renewed and given back. */
function guardedProvider(): Provider {
  const model = modelProvider(true)
  let opened = 0
  const login = {
    repeatable: false,
    request: () => ({ method: 'POST' as const, path: [LOGIN] }),
    respond: () => ({ secret: `session ${(opened += 1)}`, expiresAt: null, renewal: 'renewal' }),
  }
  const close = {
    repeatable: false,
    request: () => ({ method: 'POST' as const, path: [LOGOUT] }),
    respond: () => ({}),
  }
  return {
    ...model,
    connect: (config, credentials) => ({
      ...model.connect(config, credentials),
      session: {
        open: login,
        renew: login,
        close,
        ended: ({ code }) => code === 'upstream_unauthorized',
      },
    }),
  }
}

/** What a call comes to. */
export interface Fate {
  /** How long it takes. */
  readonly ms: number
  readonly refused?: boolean
}

/**
 * A world whose upstream wants a login.
 * @param fateOf by the kind of a call (`LOGIN`, `LOGOUT`, or the method of another) and how many there were before
 */
export async function sessionWorld(
  fateOf: (kind: string, before: number) => Fate = () => ({ ms: SECOND }),
) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { clock, upstream } = world
  const underWay: string[] = []
  const begun: string[] = []
  const mostAtOnce: Record<string, number> = {}
  const given: string[] = []
  const services: Services = {
    ...world.services,
    providers: registryOf(guardedProvider()),
    upstream: {
      timeoutMs: upstream.timeoutMs,
      admit: () => undefined,
      servedCertificate: null,
      pace: createPace(),
      async perform(call) {
        const { method, path } = await call.exchange.request(call.input, call.session)
        const kind = path[0] === LOGIN || path[0] === LOGOUT ? path[0] : method
        const { ms, refused = false } = fateOf(kind, count(begun, kind))
        begun.push(kind)
        underWay.push(kind)
        mostAtOnce[kind] = Math.max(mostAtOnce[kind] ?? 0, count(underWay, kind))
        try {
          await clock.sleep(ms)
          if (refused) throw new Fault('upstream_unauthorized', 'Refused', { effect: 'no' })
          if (kind === LOGOUT) given.push(call.session ?? '')
          if (kind === method) return await upstream.perform(call)
          const response = { status: 200, headers: new Headers(), body: '', at: clock.now() }
          const value = await call.exchange.respond(response, call.input)
          return { value, status: 200, requestId: null, durationMs: 1, attempts: 1, pressure: null }
        } finally {
          underWay.splice(underWay.indexOf(kind), 1)
        }
      },
    },
  }
  return {
    ledger,
    world,
    services,
    /** The most calls of each kind that were ever under way at once. */
    mostAtOnce,
    /** The sessions that were given back. */
    given,
    logins: () => count(begun, LOGIN),
  }
}

function count(kinds: readonly string[], kind: string): number {
  return kinds.filter((each) => each === kind).length
}
