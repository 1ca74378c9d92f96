import {
  deleteConnection,
  Fault,
  MINUTE,
  type Provider,
  SECOND,
  type Services,
  type SessionProtocol,
  updateConnection,
  createPace,
} from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { CALM, modelProvider, registryOf } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const LIFE_MS = 30 * MINUTE
const PAUSE_MS = 15 * MINUTE
const CALLERS = 5

/** An upstream with one session at a time, and what it was asked. */
async function world() {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const model = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { clock } = model
  const asked: string[] = []
  const live = new Set<string>()
  const refused = new Set<string>()
  let made = 0
  const session = (name: string) => ({
    repeatable: false,
    request: (input: object) => ({
      method: 'POST' as const,
      path: [name],
      body: JSON.stringify(input),
    }),
    respond() {
      live.clear()
      made += 1
      live.add(`s${made}`)
      return { secret: `s${made}`, expiresAt: clock.now() + LIFE_MS, renewal: `r${made}` }
    },
  })
  const protocol: SessionProtocol = {
    open: session('open'),
    renew: session('renew'),
    close: { ...session('close'), respond: () => ({}) },
    refusedPauseMs: PAUSE_MS,
    ended: ({ code }) => code === 'upstream_unauthorized',
  }
  const plain = modelProvider(true)
  const provider: Provider = {
    ...plain,
    connect: (...both) => ({ ...plain.connect(...both), session: protocol }),
  }
  const services: Services = {
    ...model.services,
    providers: registryOf(provider),
    upstream: {
      timeoutMs: SECOND,
      servedCertificate: null,
      pace: createPace(),
      admit: () => undefined,
      async perform(call) {
        const request = await call.exchange.request(call.input, call.session)
        const [name = ''] = request.path
        const isOfSession = name === 'open' || name === 'renew' || name === 'close'
        await clock.sleep(SECOND)
        if (!isOfSession) {
          if (live.has(call.session ?? '')) return model.upstream.perform(call)
          throw new Fault('upstream_unauthorized', 'Ended')
        }
        asked.push(name === 'renew' ? `renew ${request.body}` : name)
        if (refused.has(name)) throw new Fault('upstream_unauthorized', 'Refused')
        if (name === 'close') live.delete(call.session ?? '')
        const response = { status: 200, headers: new Headers(), body: '', at: clock.now() }
        const value = await call.exchange.respond(response, call.input)
        return { value, status: 200, requestId: null, durationMs: 1, attempts: 1, pressure: null }
      },
    },
  }
  const { connectionId: id } = await model.number()
  const publish = (name: string) => clock.until(model.publish(name, { by: services }))
  return { ledger, model, services, asked, live, refused, publish, id }
}

describe('a session that an upstream renews', () => {
  test('is renewed by what it left for that, and not opened again', async () => {
    const { ledger, model, asked, publish } = await world()
    expect(await publish('a')).toBe('done')
    await model.clock.advance(LIFE_MS - 30 * SECOND)
    expect(await publish('b')).toBe('done')
    await model.clock.advance(LIFE_MS)
    expect(await publish('c')).toBe('done')
    expect(asked).toEqual(['open', 'renew {"renewal":"r1"}', 'renew {"renewal":"r2"}'])
    await ledger.close()
  })

  test('is opened once where its renewal is refused', async () => {
    const { ledger, asked, live, refused, publish } = await world()
    expect(await publish('a')).toBe('done')
    live.clear()
    refused.add('renew')
    expect(await publish('b')).toBe('done')
    expect(asked).toEqual(['open', 'renew {"renewal":"r1"}', 'open'])
    await ledger.close()
  })

  test('is one, however many want it at once', async () => {
    const { ledger, model, services, asked, publish, live } = await world()
    expect(await publish('a')).toBe('done')
    live.clear()
    const reading = Array.from({ length: CALLERS }, () => model.read(services))
    await model.clock.until(Promise.all(reading))
    expect(asked).toEqual(['open', 'renew {"renewal":"r1"}'])
    expect([...live]).toEqual(['s2'])
    await ledger.close()
  })

  test('is not asked for again, as long as its upstream wants, where the credentials are refused', async () => {
    const { ledger, model, asked, refused, publish } = await world()
    refused.add('open')
    for (let minute = 0; minute < 15; minute += 1) {
      expect(await publish(`k${minute}`)).toBe('upstream_unauthorized')
      await model.clock.advance(50 * SECOND)
    }
    expect(asked).toEqual(['open'])
    await model.clock.advance(PAUSE_MS)
    refused.clear()
    expect(await publish('last')).toBe('done')
    await ledger.close()
  })

  test('is given back when its connection changes, and when it is deleted', async () => {
    const { ledger, model, services, asked, live, publish, id } = await world()
    const request = { actor: ACTOR }
    const patch = { credentials: { secret: 'other' } }
    expect(await publish('a')).toBe('done')
    await model.clock.until(updateConnection(services, request, { id, patch }))
    expect([...live]).toEqual([])
    expect(await publish('b')).toBe('done')
    await model.clock.until(deleteConnection(services, request, { id, cascade: true }))
    expect([...live]).toEqual([])
    expect(asked).toEqual(['open', 'close', 'open', 'close'])
    await ledger.close()
  })
})
