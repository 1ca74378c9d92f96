import { DAY, HOUR, MINUTE } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { KEY_LINE, LISTED } from '../support/certificate-provider.ts'
import { certificateWorld, START } from '../support/certificate-world.ts'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'

const DAYS = 10
const FIRST_MS = 20 * MINUTE
/** Of an upload, up to its write. */
const CALLS_TO_WRITE = 13
const SPREAD_MS = 30 * MINUTE

async function open(options: { readonly seed?: number; readonly notAfter?: number } = {}) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  return certificateWorld({ ledger, seed: 1, weather: CALM, kinds: LISTED, ...options })
}

describe('the certificates of a connection', () => {
  test('are read soon after it is made, and then once a day', async () => {
    const world = await open()
    await world.pass(FIRST_MS - MINUTE)
    expect(world.upstream.calls).toBe(0)
    await world.pass(2 * MINUTE)
    expect(world.upstream.calls).toBe(1)
    await world.pass(DAYS * DAY)
    expect(world.upstream.calls).toBe(1 + DAYS)
    await world.ledger.close()
  })

  test('are not read at the same moment as those of all others', async () => {
    const dues = new Set<number>()
    for (let seed = 1; seed <= 5; seed += 1) {
      const world = await open({ seed })
      await world.pass(HOUR)
      const due = (await world.ledger.nextDue()) ?? 0
      const latest = START + FIRST_MS + DAY + MINUTE
      expect(due).toBeGreaterThan(latest - SPREAD_MS - 2 * MINUTE)
      expect(due).toBeLessThanOrEqual(latest)
      dues.add(due)
      await world.ledger.close()
    }
    expect(dues.size).toBe(5)
  })

  // Five refused logins block an address at a PBX.
  test('are asked for once a day where the credentials are refused', async () => {
    const world = await open()
    world.upstream.isLocked = true
    await world.pass(DAYS * DAY)
    expect(world.upstream.calls).toBe(DAYS)
    world.upstream.isLocked = false
    await world.pass(DAY)
    expect((await world.inventory()).refreshedAt).not.toBeNull()
    await world.ledger.close()
  })

  test('are asked for hourly while the upstream is down', async () => {
    const world = await open()
    world.upstream.weather = { ...CALM, failedReads: 1 }
    await world.pass(DAY)
    expect(world.upstream.calls).toBe(24)
    await world.ledger.close()
  })

  test('are told to expire on their days, though the upstream is down', async () => {
    const world = await open({ notAfter: START + 40 * DAY })
    await world.clock.until(world.upload('a.pem'))
    world.upstream.weather = { ...CALM, failedReads: 1 }
    await world.pass(50 * DAY)
    const told = (await world.events()).filter(({ type }) => type === 'certificate.expiring')
    expect(told.map(({ data }) => data['days'])).toEqual([30, 14, 7, 3, 1])
    expect(told.map(({ data }) => data['isExpired'])).not.toContain(true)
    await world.ledger.close()
  })
})

describe('an upload that nobody answered', () => {
  test('is looked for once an hour while the credentials are refused, and given up after a day', async () => {
    const world = await open()
    // Its process dies when it is sent.
    void world.upload('a.pem', { by: mortal(world.services, CALLS_TO_WRITE) })
    await world.clock.advance(MINUTE)
    expect(world.upstream.created).toEqual(['a.pem'])
    world.upstream.isLocked = true
    const before = world.upstream.calls
    await world.pass(2 * DAY)
    expect(world.upstream.calls - before).toBeLessThanOrEqual(24 + 3)
    expect(await world.certificates()).toMatchObject([{ status: 'failed', work: null }])
    await world.ledger.close()
  })

  test('is kept sealed for an hour at most, though the upstream is down', async () => {
    const world = await open()
    void world.upload('a.pem', { by: mortal(world.services, CALLS_TO_WRITE) })
    await world.clock.advance(MINUTE)
    world.upstream.weather = { ...CALM, failedReads: 1 }
    await world.pass(HOUR + 10 * MINUTE)
    expect(JSON.stringify(await world.certificates())).not.toContain(KEY_LINE)
    expect(await world.certificates()).toMatchObject([{ status: 'pending' }])
    world.upstream.weather = CALM
    await world.pass(HOUR)
    expect(await world.certificates()).toMatchObject([{ status: 'installed', upstreamId: '1' }])
    await world.ledger.close()
  })
})
