import {
  createNumber,
  type Notice,
  publishKey,
  readNumber,
  runDueTasks,
  SECOND,
  taskHandlers,
} from '@latchkey/core'
import { receiveNotices } from '@latchkey/core/notices'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'
import { mortal } from '../support/mortal.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const NUMBERS = ['1', '2', '3', '4', '5']
const ALERT: Notice = {
  kind: 'check-numbers',
  account: null,
  digest: '0123456789abcdef0123',
  reason: 'public-key-missing',
  sentAt: null,
}
/** More than a round, with its repairs, asks of the world outside. */
const CALLS_MAX = 90

/** One connection with lost keys, told of them; who does what follows dies after so many calls. */
async function interrupted(calls: number) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: calls, weather: CALM, readable: true })
  const { clock, services, upstream, numberId } = world
  const { connectionId } = (await readNumber(services, numberId)).state
  const ids = [numberId]
  for (const upstreamId of NUMBERS.slice(1)) {
    const draft = { connectionId, upstreamId, label: null }
    ids.push((await createNumber(services, { actor: ACTOR }, draft)).id)
  }
  for (const id of ids) {
    const publicKey = keyNamed('ours')
    await clock.until(publishKey(services, ACTOR, { numberId: id, publicKey, verify: true }))
  }
  await world.pass(30 * SECOND)
  upstream.keys.clear()
  upstream.writes.length = 0
  await clock.until(receiveNotices(services, connectionId, [ALERT]))

  const doomed = mortal(services, calls)
  for (let turn = 0; turn < 3; turn += 1) {
    const working = runDueTasks(doomed, ledger, taskHandlers, { limit: 10 })
    working.catch(() => undefined)
    await clock.advance(10 * SECOND)
  }
  await world.pass(400 * SECOND)
  const again = await clock.until(receiveNotices(services, connectionId, [ALERT]))
  await ledger.close()
  const repaired = NUMBERS.filter((id) => upstream.keys.get(id)?.fingerprint === 'sha256:ours')
  return { repaired, writes: upstream.writes.length, again }
}

// A process is killed at any moment of what it does about an alert: the alert is neither lost nor done twice.
test('a round that is interrupted anywhere comes to every number, and repairs each once', async () => {
  for (let calls = 1; calls <= CALLS_MAX; calls += 1) {
    const outcome = await interrupted(calls)
    expect({ calls, ...outcome }).toEqual({
      calls,
      repaired: NUMBERS,
      writes: NUMBERS.length,
      again: 0,
    })
  }
}, 60_000)
