import { createPace } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'

const SLOW_MS = 5_000

test('a read that is answered late does not bring an old key back', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { clock, services, upstream } = world
  upstream.keys.set('1', keyNamed('old'))
  const slow = world.read({
    ...services,
    upstream: {
      timeoutMs: upstream.timeoutMs,
      admit: () => undefined,
      servedCertificate: null,
      pace: createPace(),
      async perform(call) {
        const outcome = await upstream.perform(call)
        await clock.sleep(SLOW_MS)
        return outcome
      },
    },
  })
  await world.pass(SLOW_MS / 2)
  upstream.keys.set('1', keyNamed('new'))
  await clock.until(world.read())
  await clock.until(slow)
  expect((await world.number()).observed).toMatchObject({ fingerprint: 'sha256:new' })
  await ledger.close()
})
