import { publishKey, SECOND, createPace } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const SLOW_MS = 5 * SECOND

// Two operators replace the key that both have seen: the second must not undo what the first is just doing.
test.each([true, false])(
  'a condition on the key before a write under way does not hold (safe read: %s)',
  async (readable) => {
    const ledger = await openSqliteLedger({ path: ':memory:' })
    const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable })
    const { clock, services, upstream, numberId } = world
    expect(await clock.until(world.publish('first'))).toBe('done')
    const slow = world.publish('second', {
      by: {
        ...services,
        upstream: {
          timeoutMs: upstream.timeoutMs,
          admit: () => undefined,
          servedCertificate: null,
          pace: createPace(),
          async perform(call) {
            await clock.sleep(SLOW_MS)
            return upstream.perform(call)
          },
        },
      },
    })
    await clock.advance(SLOW_MS / 2)
    const third = publishKey(services, ACTOR, {
      numberId,
      publicKey: keyNamed('third'),
      verify: true,
      precondition: { kind: 'matches', fingerprints: ['sha256:first'] },
    })
    await expect(clock.until(third)).rejects.toMatchObject({ code: 'precondition_failed' })
    expect(await clock.until(slow)).toBe('done')
    expect(upstream.keys.get('1')?.fingerprint).toBe('sha256:second')
    await ledger.close()
  },
)
