import { Fault, type Provider, SECOND, type Services } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { CALM, modelProvider } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const LOGIN = 'login'
/** As long as a call may take, or nearly. */
const SLOW_MS = 24 * SECOND

/** The model's provider behind a login, whose session can be renewed. */
function guardedProvider(): Provider {
  const model = modelProvider(true)
  const login = {
    repeatable: false,
    request: () => ({ method: 'POST' as const, path: [LOGIN] }),
    respond: () => ({ secret: 'session', expiresAt: null, renewal: 'renewal' }),
  }
  return {
    ...model,
    connect: (config, credentials) => ({
      ...model.connect(config, credentials),
      session: { open: login, renew: login, ended: ({ code }) => code === 'upstream_unauthorized' },
    }),
  }
}

/** What a call comes to, by its kind and by how many of the kind there were before. */
interface Fate {
  readonly ms: number
  readonly refused?: boolean
}

function count(kinds: readonly string[], kind: string): number {
  return kinds.filter((each) => each === kind).length
}

/** A world whose calls take their time, with the most of each kind that were ever under way at once. */
async function slowWorld(fateOf: (kind: string, before: number) => Fate) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { clock, upstream } = world
  const underWay: string[] = []
  const begun: string[] = []
  const mostAtOnce: Record<string, number> = {}
  const services: Services = {
    ...world.services,
    providers: new Map([['model', guardedProvider()]]),
    upstream: {
      timeoutMs: upstream.timeoutMs,
      admit: () => undefined,
      servedCertificate: null,
      async perform(call) {
        const { method, path } = await call.exchange.request(call.input, call.session)
        const kind = path[0] === LOGIN ? LOGIN : method
        const { ms, refused = false } = fateOf(kind, count(begun, kind))
        begun.push(kind)
        underWay.push(kind)
        mostAtOnce[kind] = Math.max(mostAtOnce[kind] ?? 0, count(underWay, kind))
        try {
          await clock.sleep(ms)
          if (refused) throw new Fault('upstream_unauthorized', 'Refused', { effect: 'no' })
          if (kind !== LOGIN) return await upstream.perform(call)
          const response = { status: 200, headers: new Headers(), body: '', at: clock.now() }
          const value = await call.exchange.respond(response, call.input)
          return { value, status: 200, requestId: null, durationMs: 1, attempts: 1, pressure: null }
        } finally {
          underWay.splice(underWay.indexOf(kind), 1)
        }
      },
    },
  }
  return { ledger, world, services, begun, mostAtOnce }
}

describe('an upstream that is as slow as it may be', () => {
  // The write is refused for its session, whose renewal is refused too: with the login after it, all of this takes
  // longer than the write's lease, and a second write takes over.
  test('is never sent two writes of one number at once', async () => {
    const { ledger, world, services, mostAtOnce } = await slowWorld((kind, before) => ({
      ms: SLOW_MS,
      refused: (kind === 'POST' && before === 0) || (kind === LOGIN && before === 1),
    }))
    const { clock } = world
    const first = world.publish('a', { by: services })
    await clock.advance(80 * SECOND)
    const second = world.publish('b', { by: services })
    expect(await clock.until(first)).toBe('upstream_timeout')
    expect(await clock.until(second)).toBe('done')
    expect(mostAtOnce['POST']).toBe(1)
    expect(world.upstream.writes).toEqual(['sha256:b'])
    await ledger.close()
  })

  // The renewal is refused, and the login after it slow as well.
  test('is never sent two logins of one connection at once', async () => {
    const { ledger, world, services, begun, mostAtOnce } = await slowWorld((kind, before) => ({
      ms: kind === LOGIN && before > 0 ? SLOW_MS : SECOND,
      refused:
        (kind === 'GET' && (before === 1 || before === 2)) || (kind === LOGIN && before === 1),
    }))
    const { clock } = world
    await clock.until(world.read(services))
    const renewing = world.read(services)
    await clock.advance(35 * SECOND)
    const waiting = world.read(services)
    await clock.until(Promise.all([renewing, waiting]))
    expect([mostAtOnce[LOGIN], count(begun, LOGIN)]).toEqual([1, 3])
    await ledger.close()
  })
})
