import { runDueTasks, taskHandlers } from '@latchkey/core'
import { hostileBaseUrls } from '@latchkey/http/fixtures'
import { providers } from '@latchkey/providers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { type Listener, listen } from '../support/listener.ts'
import { moveUnchecked, openSuccessor, type Successor } from './inside.ts'
import { makePlace } from './place.ts'
import { type Goods, makeGoods, type Place, WAYS_OUT } from './ways-out.ts'

const HOURS = 3_600_000
/** Of the hostile base URLs one in so many: each commits, and all were tried without. */
const SAMPLED = 20
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

let api: HostHarness
/** Where every connection leads: allowed when they were made, and no longer. */
let inside: Listener
let goods: Goods
let closed: Successor
const places = new Map<string, Place>()

beforeAll(async () => {
  goods = await makeGoods()
  inside = await listen()
  api = await openHostHarness()
  const open = await openSuccessor(api.folder, { allowPrivate: '127.0.0.1/32' })
  const baseUrl = `http://127.0.0.1:${inside.port}`
  for (const provider of providers.keys()) {
    places.set(provider, await makePlace(api, open.services, { provider, baseUrl }))
  }
  await open.queue.close()
  closed = await openSuccessor(api.folder, { allowPrivate: '' })
})
afterAll(async () => {
  await closed.queue.close()
  await api.close()
  await inside.close()
})

/** Asks for everything that a provider does, in every way that there is. */
async function goOut(by: Pick<Successor, 'call'>, provider: string): Promise<number> {
  const place = places.get(provider)
  if (place === undefined) throw new Error(`Cannot test: ${provider} has no connection`)
  const operations = providers.get(provider)?.operationNames ?? []
  let asked = 0
  for (const operation of operations) {
    for (const { method, path, json } of WAYS_OUT[operation](place, goods)) {
      const sent = await by.call(method, path, json === undefined ? {} : { json })
      const refused = sent.status >= 400 || /"ok":false|"status":"pending"/.test(sent.text)
      expect(refused, `${provider} ${operation}: ${sent.text}`).toBe(true)
      asked += 1
    }
  }
  return asked
}

/** Also what was asked for before, and is owed. */
async function doWhatIsDue({ services, queue, clock }: Successor): Promise<void> {
  clock.jump(12 * HOURS)
  for (;;) {
    if ((await runDueTasks(services, queue, taskHandlers, { limit: 50 })) === 0) return
  }
}

describe('every way out passes the host policy at the moment of the call', () => {
  // An allowance that is withdrawn must hold for the connections that were made under it.
  test('no operation of any provider reaches a host that is no longer allowed', async () => {
    const open = await openSuccessor(api.folder, { allowPrivate: '127.0.0.1/32' })
    for (const provider of providers.keys()) await goOut(open, provider)
    await open.queue.close()
    const before = inside.connections()
    expect(before).toBeGreaterThanOrEqual(providers.size)
    for (const provider of providers.keys()) {
      expect(await goOut(closed, provider), provider).toBeGreaterThan(0)
    }
    await doWhatIsDue(closed)
    expect(inside.connections()).toBe(before)
  })

  test('no route at all reaches it', async () => {
    const before = inside.connections()
    const openApi = document.parse((await closed.call('GET', '/openapi.json')).json)
    let walked = 0
    for (const [template, methods] of Object.entries(openApi.paths)) {
      for (const method of Object.keys(methods).filter((name) => name !== 'delete')) {
        for (const place of places.values()) {
          const known = { ...place, certificateId: place.installed.server ?? 'x' }
          const path = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
            name === 'connectionId' || name === 'numberId' || name === 'certificateId'
              ? known[name]
              : 'x',
          )
          const json = method === 'get' ? {} : { json: { name: 'x', publicKey: goods.publicKey } }
          const sent = await closed.call(method.toUpperCase(), path, json)
          expect(sent.status, `${method} ${path}`).not.toBe(405)
          walked += 1
        }
      }
    }
    expect(walked).toBeGreaterThan(60)
    expect(inside.connections()).toBe(before)
  })

  // A connection whose base URL was never checked: the call itself has to refuse it.
  test('no operation of any provider goes to a hostile base URL that is stored', async () => {
    const before = inside.connections()
    const some = hostileBaseUrls(inside.port).filter((_url, index) => index % SAMPLED === 0)
    for (const { baseUrl } of some) {
      for (const [provider, { connectionId }] of places) {
        await moveUnchecked(closed, connectionId, baseUrl)
        await goOut(closed, provider)
      }
    }
    await doWhatIsDue(closed)
    expect(inside.connections()).toBe(before)
  })
})
