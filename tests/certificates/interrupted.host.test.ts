import { DAY, MINUTE } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { LISTED, SLOTS } from '../support/certificate-provider.ts'
import { expectAtRest, expectSlotsAgree } from '../support/certificate-rest.ts'
import { certificateWorld } from '../support/certificate-world.ts'
import { CALM, type Weather } from '../support/model-upstream.ts'
import { mortal, suspended } from '../support/mortal.ts'

/** More than one upload makes. */
const CALLS = 24
const COMMITS = 14
/** Long enough that somebody else takes over. */
const SUSPENDED_MS = 4 * MINUTE
/** Long enough that it is sent again. */
const DOUBT_OVER_MS = 8 * MINUTE
const SEEDS = 30

async function open(seed: number, weather: Weather = CALM, kinds = LISTED) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  return certificateWorld({ ledger, seed, weather, kinds })
}

describe('an upload', () => {
  test('whose process dies is finished by nobody’s asking, or never was', async () => {
    for (let calls = 0; calls <= CALLS; calls += 1) {
      const world = await open(calls)
      void world.upload('a.pem', { by: mortal(world.services, calls), activate: true })
      await world.pass(2 * DAY)
      await expectAtRest(world)
      const { active, created } = world.upstream
      expect(active, `after ${calls} calls`).toBe(created[0] ?? null)
      await world.ledger.close()
    }
  })

  // It wakes when somebody else has gone on with its work, and would write its own old view over that.
  test('whose process is suspended is there once', async () => {
    for (let commits = 1; commits <= COMMITS; commits += 1) {
      const world = await open(commits)
      const by = suspended(world.services, { commits, ms: SUSPENDED_MS })
      const uploading = world.upload('a.pem', { by, activate: true })
      await world.pass(2 * MINUTE)
      await world.clock.until(world.upload('b.pem'))
      await world.pass(2 * DAY)
      await uploading
      const { created } = world.upstream
      expect(created.toSorted(), `after ${commits} commits`).toEqual(
        [...new Set(created)].toSorted(),
      )
      expect(created).toContain('b.pem')
      await expectAtRest(world)
      await world.ledger.close()
    }
  })

  // An application has no name that the upstream could refuse a second time.
  test('that is applied for is not sent by a process that wakes when it was sent again', async () => {
    for (let commits = 1; commits <= COMMITS; commits += 1) {
      const world = await open(commits)
      const by = suspended(world.services, { commits, ms: DOUBT_OVER_MS })
      const applying = world.apply('a.example', by)
      for (let turn = 0; turn < 20; turn += 1) await world.pass(MINUTE)
      await world.pass(2 * DAY)
      await applying
      expect(world.upstream.surprises, `after ${commits} commits`).toEqual([])
      await expectAtRest(world)
      await world.ledger.close()
    }
  })

  test('is there once where another one of its name is asked for before it has arrived', async () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const world = await open(seed, {
        ...CALM,
        lostAnswers: 0.2,
        delayedWrites: 0.4,
        delayMs: MINUTE,
      })
      await world.clock.until(Promise.all([world.upload('a.pem'), world.upload('a.pem')]))
      world.upstream.weather = CALM
      await world.pass(DAY)
      await expectAtRest(world)
      await world.ledger.close()
    }
  })

  // The slot cannot be asked; the first upload has arrived, though nobody heard it.
  test('is gone on with where the one that was to take its place is refused', async () => {
    for (const purpose of ['server', 'webhook-ca'] as const) {
      const world = await open(1, { ...CALM, lostAnswers: 1 }, SLOTS)
      expect(await world.clock.until(world.upload('a', { purpose }))).toBe('upstream_timeout')
      world.upstream.weather = { ...CALM, refusals: 1 }
      expect(await world.clock.until(world.upload('b', { purpose }))).toBe('upstream_rejected')
      world.upstream.weather = CALM
      await world.pass(DAY)
      await expectSlotsAgree(world)
      expect(world.upstream.slots.get(purpose)).toContain('\na\n')
      expect(await world.certificates()).toMatchObject([{ status: 'installed' }])
      await world.ledger.close()
    }
  })
})

describe('an id that the upstream gives out again', () => {
  test('is another certificate’s, of another name', async () => {
    const world = await open(1)
    await world.clock.until(world.upload('a.pem'))
    world.upstream.held = world.upstream.held.map((each) => ({ ...each, name: 'b.pem' }))
    await world.clock.until(world.refresh())
    expect(await world.certificates()).toMatchObject([
      { name: 'b.pem', upstreamId: '1', bundle: null },
    ])
    const types = (await world.events()).map(({ type }) => type)
    expect(types).toContain('certificate.vanished')
    expect(types).toContain('certificate.discovered')
    await world.ledger.close()
  })

  test('does not hide a certificate that got it on its way', async () => {
    const world = await open(1)
    await world.clock.until(world.upload('a.pem'))
    const uploading = world.upload('b.pem')
    while (world.upstream.calls < 6) await world.clock.advance(100)
    // Between the list that is read first and the upload, somebody deletes the other one.
    world.upstream.held = []
    expect(await world.clock.until(uploading)).toBe('done')
    await world.pass(DAY)
    expect(await world.certificates()).toMatchObject([
      { name: 'b.pem', upstreamId: '1', status: 'installed' },
    ])
    await world.ledger.close()
  })
})
