import { Fault, isFault, MINUTE, SECOND } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { rotationWorld } from './rotation-world.ts'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (isFault(error) ? error.message : 'defect'),
  )

describe('a rotation that is cancelled', () => {
  // Nothing of it is at the upstream: to publish it later would be to begin.
  test('publishes nothing more to a number whose upstream took too many calls', async () => {
    const world = await rotationWorld(1)
    const { upstream } = world
    const perform = upstream.perform.bind(upstream)
    upstream.perform = () => Promise.reject(new Fault('upstream_rate_limited', 'Too many calls'))
    const id = await world.start()
    await world.pass(SECOND)
    await world.cancel(id)
    upstream.perform = perform
    await world.pass(60 * MINUTE)
    expect(upstream.writes).toEqual([])
    expect(await world.stripes()).toMatchObject([{ running: false }])
    expect(await world.rotation(id)).toMatchObject({ status: 'cancelled' })
    await world.ledger.close()
  })

  // The first thing that somebody does who sees that a rotation was a mistake.
  test('is rolled back with the numbers that it was at when it was cancelled', async () => {
    for (let ms = 50; ms < 800; ms += 50) {
      const world = await rotationWorld(2)
      const { clock, upstream, numberIds } = world
      for (const id of numberIds) await clock.until(world.publishTo(id, 'before'))
      const id = await world.start()
      void world.work()
      await clock.advance(ms)
      await world.cancel(id)
      expect(await codeOf(world.rollback(id)), `after ${ms} ms`).toBe('done')
      await world.pass(30 * MINUTE)
      const there = [...upstream.keys.values()].map(({ fingerprint }) => fingerprint)
      expect(there, `after ${ms} ms`).toEqual(['sha256:before', 'sha256:before'])
      await world.ledger.close()
    }
  })
})
