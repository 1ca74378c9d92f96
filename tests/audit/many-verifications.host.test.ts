import { createLogVerifier, type Services } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { type ModelWorld, modelWorld } from '../support/model-world.ts'

const MANY = 20
const SLOW_MS = 1_000

// Each verification reads the whole log: whoever asks often enough keeps the server from all else.
describe('createLogVerifier()', () => {
  let world: ModelWorld
  let services: Services
  let reads: number
  let atOnce: number
  let mostAtOnce: number

  beforeEach(async () => {
    const ledger = await openSqliteLedger({ path: ':memory:' })
    world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
    reads = 0
    atOnce = 0
    mostAtOnce = 0
    services = {
      ...world.services,
      ledger: {
        ...ledger,
        async events(query) {
          reads += 1
          atOnce += 1
          mostAtOnce = Math.max(mostAtOnce, atOnce)
          await world.clock.sleep(SLOW_MS)
          atOnce -= 1
          return ledger.events(query)
        },
      },
    }
  })
  afterEach(() => world.services.ledger.close())

  test('verifies once for many that ask at once, and for those of the next seconds', async () => {
    const verify = createLogVerifier()
    const all = Array.from({ length: MANY }, () => verify(services, { afresh: false }))
    const [first, ...others] = await world.clock.until(Promise.all(all))
    for (const other of others) expect(other).toEqual(first)
    expect(await verify(services, { afresh: false })).toEqual(first)
    expect(reads).toBe(1)
    world.clock.jump(5_000)
    await world.clock.until(verify(services, { afresh: false }))
    expect(reads).toBe(2)
  })

  test('tells as of when, and what came since to who insists on it', async () => {
    const verify = createLogVerifier()
    const began = world.clock.now()
    const before = await world.clock.until(verify(services, { afresh: false }))
    expect(Date.parse(before.at)).toBe(began)
    await world.clock.until(world.publish('a'))
    const [same, ...afresh] = await world.clock.until(
      Promise.all([
        verify(services, { afresh: false }),
        ...Array.from({ length: MANY }, () => verify(services, { afresh: true })),
      ]),
    )
    expect(same).toEqual(before)
    for (const each of afresh) expect(each.checked).toBeGreaterThan(before.checked)
    // One that the first of them began, and one for all who asked after that.
    expect([reads, mostAtOnce]).toEqual([3, 1])
  })

  test('does not count one that had begun before it was asked for as afresh', async () => {
    const verify = createLogVerifier()
    const running = verify(services, { afresh: false })
    await world.clock.advance(SLOW_MS / 2)
    const afresh = verify(services, { afresh: true })
    await world.clock.until(Promise.all([running, afresh]))
    expect([reads, mostAtOnce]).toEqual([2, 1])
  })

  test('leaves the turn to the next where one fails', async () => {
    const verify = createLogVerifier()
    let failures = 0
    const flaky: Services = {
      ...services,
      ledger: {
        ...services.ledger,
        async events(query) {
          if (failures > 0) return services.ledger.events(query)
          failures += 1
          throw new Error('The storage does not answer')
        },
      },
    }
    const [failed, done] = await world.clock.until(
      Promise.allSettled([verify(flaky, { afresh: false }), verify(flaky, { afresh: false })]),
    )
    expect([failed.status, done.status]).toEqual(['rejected', 'fulfilled'])
  })
})
