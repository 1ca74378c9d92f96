import { MINUTE, type Random, SECOND } from '@latchkey/core'
import { seededRandom } from '@latchkey/core/testing'
import { fleetNumberId } from '@latchkey/sandbox'
import type { FaultRule } from '@latchkey/sandbox/control'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, connectionTo, make, makeNumber, UPSTREAM_NUMBERS } from '../harness/client.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'
import { eventsOf } from '../harness/key-calls.ts'
import { freshKey, type TestKey } from '../harness/keys.ts'
import { KEY_PATHS, type ProviderId, PROVIDERS } from './fault-cases.ts'

const MANY = 8
const NUMBERS = 20
/**
 * Time is let pass in steps, at the upstream and here alike: until every delayed write must have landed, and then for
 * what was refused when it was sent again.
 */
const STEPS = [
  ...Array.from({ length: 12 }, () => 30 * SECOND),
  ...Array.from({ length: 6 }, () => 30 * MINUTE),
]
/** Well within what Latchkey waits for a write whose answer was lost. */
const LATEST_MS = 240 * SECOND

/** Publishes of different keys to one number at once end with one key, which both sides know. */
export function racesSuite(open: OpenApi): void {
  describe('many publishes to one number at once', () => {
    let api: ApiHarness
    let keys: readonly TestKey[]
    beforeAll(async () => {
      keys = await Promise.all(Array.from({ length: MANY }, () => freshKey()))
    })
    beforeEach(async () => {
      api = await open()
    })
    afterEach(() => api.close())

    /** Keys go by their index; -1 is none of them. */
    const nameOf = (fingerprint: unknown) =>
      keys.findIndex((each) => each.fingerprint === fingerprint)
    const nameOfPem = (pem: string | undefined) =>
      keys.findIndex((each) => each.pem.trim() === pem?.trim())
    const publish = async (numberId: string, key: TestKey, query = '', through = api) => {
      const path = `/v1/numbers/${numberId}/encryption-key${query}`
      return call(through, 'PUT', path, { json: { publicKey: key.pem } })
    }
    const slow = (provider: ProviderId) =>
      api.sandbox.addFault({
        upstream: provider,
        method: 'POST',
        path: KEY_PATHS[provider],
        times: null,
        latencyMs: 15,
        answerLatencyMs: 15,
      })
    const heldBy = async (provider: ProviderId, id: string) => {
      const { numbers } = await api.sandbox.state(provider)
      const number = numbers.find((each) => each.id === id)
      return { name: nameOfPem(number?.key?.pem), history: number?.history.map(nameOfPem) }
    }

    for (const provider of PROVIDERS) {
      test(`${provider} gets one write at a time, from two processes; all are answered 200 or superseded`, async () => {
        const { numberId } = await makeNumber(api, provider)
        await slow(provider)
        const other = { ...api, ...(await api.elsewhere()) }
        const sent = await Promise.all(
          keys.map((key, index) =>
            // Without reading back, so that whatever is in flight is a write.
            publish(numberId, key, '?verify=false', index % 2 === 0 ? api : other),
          ),
        )
        const done = sent.filter((each) => each.status === 200)
        for (const { status, json, text } of sent) {
          expect([200, 409], text).toContain(status)
          if (status === 409) expect(json, text).toMatchObject({ code: 'conflict' })
        }
        expect(done.length).toBeGreaterThan(0)

        const path = KEY_PATHS[provider]
        const { requests } = await api.sandbox.requests({ upstream: provider, path })
        expect(requests.map((each) => each.inFlight.path)).toEqual(requests.map(() => 0))
        expect(requests).toHaveLength(done.length)

        const log = await eventsOf(api, numberId)
        const published = log.filter((each) => each.type === 'key.published')
        const { name, history } = await heldBy(provider, UPSTREAM_NUMBERS[provider])
        const order = published.map((each) => nameOf(each.data['fingerprint']))
        expect(order.at(-1)).toBe(name)
        expect(history).toEqual(order)
        const generations = published.map((each) => Number(each.data['generation']))
        expect(generations).toEqual(generations.toSorted((a, b) => a - b))
        expect(generations.at(-1)).toBe(MANY)
      })
    }

    test('a publish that waits too long for the one before it takes its key back', async () => {
      await api.close()
      api = await open({ haste: 100 })
      const { numberId } = await makeNumber(api, 'graph')
      await api.sandbox.addFault({
        upstream: 'graph',
        method: 'POST',
        path: KEY_PATHS.graph,
        answerLatencyMs: 2 * SECOND,
      })
      const [first, second] = keys
      if (first === undefined || second === undefined) throw new Error('Two keys are needed')
      const slowly = publish(numberId, first)
      const written = async () => (await api.sandbox.requests({ method: 'POST' })).requests.length
      while ((await written()) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      const late = await publish(numberId, second)
      expect(late.status, late.text).toBe(409)
      expect(late.json).toMatchObject({ code: 'conflict', retryable: true })
      expect((await slowly).json).toMatchObject({ fingerprint: first.fingerprint, inSync: true })
      expect(await written()).toBe(1)
      expect((await eventsOf(api, numberId)).map((each) => each.type)).toEqual([
        'number.created',
        'key.publish_requested',
        'key.publish_requested',
        'key.withdrawn',
        'key.published',
        'key.observed',
      ])
    })

    const quiet = async () => {
      for (const step of STEPS) {
        await api.sandbox.advanceClock(step)
        await api.advance(step)
      }
    }

    /** Publishes some keys at once, in the weather of this seed. */
    const storm = async (provider: ProviderId, numberId: string, path: string, seed: number) => {
      const random = seededRandom(seed)
      for (const rule of weather(provider, path, random)) await api.sandbox.addFault(rule)
      const chosen = keys.filter(() => random.fraction() < 0.4)
      const sent = await Promise.all(
        (chosen.length < 2 ? keys.slice(0, 2) : chosen).map((key) => publish(numberId, key)),
      )
      for (const { status, text } of sent) {
        expect([200, 409, 502, 503], `seed ${seed}: ${text}`).toContain(status)
      }
    }

    /** Both sides agree: the upstream holds the last key that it took, or may have taken. */
    const expectAgreement = async (
      provider: ProviderId,
      { numberId, upstreamId, seed }: { numberId: string; upstreamId: string; seed: number },
    ) => {
      const log = await eventsOf(api, numberId)
      const sent = log.filter((each) => /^key\.publish(?:ed|_unknown)$/.test(each.type))
      const last = sent
        .toSorted((a, b) => Number(a.data['generation']) - Number(b.data['generation']))
        .at(-1)
      const { name } = await heldBy(provider, upstreamId)
      const story = log.map((each) => `${each.type} ${nameOf(each.data['fingerprint'])}`).join('; ')
      expect(name, `seed ${seed}: ${story}`).toBe(nameOf(last?.data['fingerprint']))
      const told = await call(api, 'GET', `/v1/numbers/${numberId}/encryption-key`)
      expect(told.json, `seed ${seed}: ${told.text}; ${story}`).toMatchObject({
        fingerprint: keys[name]?.fingerprint ?? null,
        inSync: provider === 'kaleyra' ? null : name >= 0,
      })
      if (name >= 0)
        expect(told.json, `seed ${seed}: ${story}`).not.toMatchObject({ publishedAt: null })
    }

    test(`on ${NUMBERS} numbers of graph, with answers and writes lost, late and refused`, async () => {
      await api.sandbox.reset({ graphNumbers: NUMBERS })
      const made = connectionTo(api, 'graph')
      const config = { ...made.config, maxConcurrent: 64 }
      const connectionId = await make(api, '/v1/connections', { ...made, config })
      const numbers: { numberId: string; upstreamId: string; seed: number }[] = []
      for (let seed = 0; seed < NUMBERS; seed += 1) {
        const upstreamId = fleetNumberId(seed)
        const numberId = await make(api, '/v1/numbers', { connectionId, upstreamId })
        numbers.push({ numberId, upstreamId, seed })
      }
      await Promise.all(
        numbers.map(({ numberId, upstreamId, seed }) =>
          storm('graph', numberId, `/*/${upstreamId}/whatsapp_business_encryption`, seed),
        ),
      )
      await quiet()
      for (const number of numbers) await expectAgreement('graph', number)
      const verified = await call(api, 'GET', '/v1/events/verify')
      expect(verified.json, verified.text).toMatchObject({ valid: true })
    })

    for (const provider of ['onprem', 'kaleyra'] as const) {
      test(`on ${provider}, storm after storm`, async () => {
        const { numberId } = await makeNumber(api, provider)
        const upstreamId = UPSTREAM_NUMBERS[provider]
        for (let seed = 100; seed < 104; seed += 1) {
          await storm(provider, numberId, KEY_PATHS[provider], seed)
          await quiet()
          await expectAgreement(provider, { numberId, upstreamId, seed })
          await api.sandbox.clearFaults()
        }
        if (provider === 'kaleyra') {
          const { requests } = await api.sandbox.requests({ upstream: provider })
          expect(requests.map((each) => each.inFlight.path)).toEqual(requests.map(() => 0))
        }
      })
    }
  })
}

/** How each upstream refuses a key. */
const REFUSALS = { graph: 100, onprem: 1009, kaleyra: 'WA-400' } as const

/** What befalls some writes to a number: an answer lost, a write lost, late or refused. */
function weather(provider: ProviderId, path: string, random: Random): FaultRule[] {
  const upTo = (limit: number) => Math.floor(random.fraction() * limit)
  const fates: readonly Partial<FaultRule>[] = [
    {},
    { answer: { kind: 'reset' }, apply: 'now' },
    { answer: { kind: 'reset' }, apply: { afterMs: upTo(LATEST_MS) } },
    { answer: { kind: 'reset' } },
    { answer: { kind: 'vendor-error', code: REFUSALS[provider] } },
  ]
  return Array.from({ length: 1 + upTo(4) }, () => ({
    upstream: provider,
    method: 'POST',
    path,
    latencyMs: upTo(20),
    answerLatencyMs: upTo(20),
    ...fates[upTo(fates.length)],
  }))
}
