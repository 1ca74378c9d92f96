import { Fault } from '@latchkey/core'
import { checkNumber } from '@latchkey/core/sweep'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyNamed } from '../support/model-world.ts'
import { mortal } from '../support/mortal.ts'
import { ACTOR, type SweepWorld, sweepWorld } from './sweep-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY

let world: SweepWorld
beforeEach(async () => {
  world = await sweepWorld()
})
afterEach(() => world.close())

async function published(): Promise<string> {
  const id = await world.add(await world.connect(), '1')
  await world.publish(id, 'ours')
  world.calls.length = 0
  return id
}

const check = (numberId: string) =>
  world.clock.until(
    checkNumber(world.services, { numberId, actor: ACTOR, cause: 'notice' }).catch(
      (error: unknown) => (error instanceof Fault ? error.code : 'defect'),
    ),
  )
const lose = () => world.model.keys.delete('1')
const held = () => world.model.keys.get('1')?.fingerprint
const made = () => world.calls.map(({ writes }) => (writes ? 'write' : 'read'))

describe('checkNumber()', () => {
  test('reads a number that is as it should be, and that is all', async () => {
    const id = await published()
    expect([await check(id), made()]).toEqual(['sound', ['read']])
  })

  test('calls nobody where the key cannot be read', async () => {
    const blind = await sweepWorld({ readable: false })
    const numberId = await blind.add(await blind.connect(), '1')
    await blind.publish(numberId, 'ours')
    blind.calls.length = 0
    const outcome = checkNumber(blind.services, { numberId, actor: ACTOR, cause: 'sweep' })
    expect([await outcome, blind.calls]).toEqual(['unsupported', []])
    await blind.close()
  })

  // Meta sends a notice several times, and the sweep may come along at the same moment.
  test('repairs once what several find at once', async () => {
    const id = await published()
    lose()
    const outcomes = await Promise.all([check(id), check(id), check(id), check(id)])
    expect(outcomes.filter((outcome) => outcome === 'repaired')).toHaveLength(1)
    const { repairs } = await world.number(id)
    expect([held(), repairs?.at.length]).toEqual(['sha256:ours', 1])
    const writes = world.calls.filter((call) => call.writes)
    expect(writes).toHaveLength(1)
    // One each, and the repair's own.
    expect(world.calls.length - writes.length).toBeLessThanOrEqual(5)
  })

  // Whoever repairs may die at any step of it: between counting and sending, or before it hears of what came of it.
  test.each(Array.from({ length: 14 }, (_, calls) => calls))(
    'is done once, and told once, though the process dies after %i calls',
    async (calls) => {
      const id = await published()
      lose()
      const dying = mortal(world.services, calls)
      void checkNumber(dying, { numberId: id, actor: ACTOR, cause: 'notice' }).catch(() => null)
      await world.pass(7 * HOUR)
      expect(held()).toBe('sha256:ours')
      const types = await world.told(id)
      expect(types.filter((type) => type === 'key.repaired')).toHaveLength(1)
      const { queued, writing, doubt } = await world.number(id)
      expect([queued, writing, doubt]).toEqual([null, null, null])
    },
  )

  test('gives way to a publish that comes in between', async () => {
    const id = await published()
    lose()
    const publishing = world.publish(id, 'newer')
    const checking = check(id)
    await Promise.all([publishing, checking])
    expect(held()).toBe('sha256:newer')
    expect((await world.told(id)).includes('key.repaired')).toBe(false)
  })

  test('leaves a number alone while it is not known what came of a publish', async () => {
    const id = await published()
    world.model.weather = { ...world.model.weather, lostWrites: 1 }
    await world.publish(id, 'lost').catch(() => null)
    world.calls.length = 0
    expect([await check(id), made()]).toEqual(['settling', []])
  })

  test('tells what the upstream says to a read or to a repair', async () => {
    const id = await published()
    world.trouble.strike = () => new Fault('upstream_unavailable', 'Down')
    expect(await check(id)).toBe('upstream_unavailable')
    lose()
    world.trouble.strike = ({ writes }) =>
      writes ? new Fault('upstream_rejected', 'Refused') : null
    expect(await check(id)).toBe('upstream_rejected')
    expect((await world.told(id)).at(-1)).toBe('key.publish_failed')
    expect((await world.number(id)).repairs?.at).toHaveLength(1)
  })

  test('repairs no more often, and no less, when the clock goes back by years', async () => {
    const id = await published()
    const outcomes: string[] = []
    const lostAgain = async () => {
      lose()
      outcomes.push(await check(id))
    }
    await lostAgain()
    await lostAgain()
    world.clock.jump(-5 * YEAR)
    await lostAgain()
    await lostAgain()
    world.clock.jump(-YEAR)
    await lostAgain()
    await world.clock.advance(DAY)
    await lostAgain()
    expect(outcomes).toEqual([
      'repaired',
      'repaired',
      'repaired',
      'exhausted',
      'exhausted',
      'repaired',
    ])
  })

  test('leaves a key that somebody else has put there', async () => {
    const id = await published()
    world.model.keys.set('1', keyNamed('foreign'))
    expect([await check(id), made(), held()]).toEqual(['alerted', ['read'], 'sha256:foreign'])
  })
})
