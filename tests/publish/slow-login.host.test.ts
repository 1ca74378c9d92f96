import { SECOND } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { LOGIN, sessionWorld } from '../support/session-world.ts'

/** As long as a call may take, or nearly. */
const SLOW_MS = 24 * SECOND

describe('an upstream that is as slow as it may be', () => {
  // The write is refused for its session, whose renewal is refused too: with the login after it, all of this takes
  // longer than the write's lease, and a second write takes over.
  test('is never sent two writes of one number at once', async () => {
    const { ledger, world, services, mostAtOnce } = await sessionWorld((kind, before) => ({
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
    const { ledger, world, services, logins, mostAtOnce } = await sessionWorld((kind, before) => ({
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
    expect([mostAtOnce[LOGIN], logins()]).toEqual([1, 3])
    await ledger.close()
  })
})
