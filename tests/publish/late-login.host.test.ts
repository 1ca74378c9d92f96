import { type NumberState, SECOND, type Services, updateConnection } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { LOGIN, sessionWorld } from '../support/session-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const

async function changeCredentials(services: Services, number: Promise<NumberState>): Promise<void> {
  const { connectionId: id } = await number
  const patch = { credentials: { secret: 'changed' } }
  await updateConnection(services, { actor: ACTOR }, { id, patch })
}

describe('a session that was opened with the newest settings', () => {
  test('is not replaced by a login that ends after the connection was changed, which is given back', async () => {
    const { ledger, world, services, logins, given } = await sessionWorld((kind, before) => ({
      ms: kind === LOGIN && before === 0 ? 20 * SECOND : SECOND,
    }))
    const { clock } = world
    const slow = world.read(services)
    await clock.advance(5 * SECOND)
    await clock.until(changeCredentials(services, world.number()))
    await clock.until(world.read(services))
    await clock.until(slow)
    await clock.until(world.read(services))
    expect([logins(), given]).toEqual([2, ['session 2']])
    await ledger.close()
  })

  test('is not replaced by one for a call that began before the change', async () => {
    const { ledger, world, services, logins } = await sessionWorld((kind, before) => ({
      ms: kind === 'GET' && before === 0 ? 10 * SECOND : SECOND,
      refused: kind === 'GET' && before === 0,
    }))
    const { clock } = world
    const slow = world.read(services)
    await clock.advance(5 * SECOND)
    await clock.until(changeCredentials(services, world.number()))
    await clock.until(world.read(services))
    await clock.until(slow)
    await clock.until(world.read(services))
    expect(logins()).toBe(2)
    await ledger.close()
  })

  test('is not forgotten by the change, which ends the session of before', async () => {
    const { ledger, world, services, logins, given } = await sessionWorld()
    const { clock } = world
    const changing = changeCredentials(
      {
        ...services,
        ledger: {
          ...ledger,
          async mutate(key, decide) {
            const result = await ledger.mutate(key, decide)
            if (key.kind === 'connection') await world.read(services)
            return result
          },
        },
      },
      world.number(),
    )
    await clock.until(changing)
    await clock.until(world.read(services))
    expect([logins(), given]).toEqual([1, []])
    await ledger.close()
  })
})
