import { createNumber, runDueTasks, taskHandlers, type Upstream } from '@latchkey/core'
import { startRotation } from '@latchkey/core/rotation'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
/** More than two stripes full, so that several work on the connection at the same time. */
const NUMBERS = 120
/** What a connection has where nothing is configured. */
const LIMIT = 16

/** Counts the calls that are under way. */
function counting(upstream: Upstream) {
  const counted = { now: 0, most: 0 }
  const perform: Upstream['perform'] = async (call) => {
    counted.now += 1
    counted.most = Math.max(counted.most, counted.now)
    try {
      return await upstream.perform(call)
    } finally {
      counted.now -= 1
    }
  }
  const { timeoutMs, servedCertificate, pace } = upstream
  const port: Upstream = { timeoutMs, servedCertificate, pace, admit: () => undefined, perform }
  return { counted, port }
}

test('a rotation makes as many calls at once as its connection may, and never more', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { counted, port } = counting(world.upstream)
  const services = { ...world.services, upstream: port }
  const { connectionId } = await world.number()
  for (let index = 2; index <= NUMBERS; index += 1) {
    const draft = { connectionId, upstreamId: String(index), label: null }
    await createNumber(services, { actor: ACTOR }, draft)
  }
  await startRotation(
    services,
    { actor: ACTOR },
    { selector: {}, key: { generate: 'shared' }, overlapMs: 0 },
  )
  const work = () => runDueTasks(services, ledger, taskHandlers, { limit: 64 })
  while (world.upstream.keys.size < NUMBERS) {
    await world.clock.until(work())
    await world.clock.advance(1_000)
  }
  expect(counted.most).toBe(LIMIT)
  await ledger.close()
})
