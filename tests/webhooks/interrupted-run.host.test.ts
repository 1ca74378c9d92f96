import {
  createNumber,
  DAY,
  HOUR,
  type Ledger,
  type NumberState,
  publishKey,
  readNumber,
  type RunState,
  runDueTasks,
  MINUTE,
  SECOND,
  taskHandlers,
  type TriggerAction,
  type TriggerState,
} from '@latchkey/core'
import { createTrigger, fireTrigger } from '@latchkey/core/triggers'
import { rsaKeyMaker } from '@latchkey/crypto'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { keyNamed, modelWorld } from '../support/model-world.ts'
import { mortal } from '../support/mortal.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const NUMBERS = ['1', '2', '3']
/** Made once: it takes real time, in which the clock of a world stands still. */
const pair = await rsaKeyMaker.generate()
const DIGEST = '0123456789abcdef'.repeat(4)
/** More than a run with all that follows from it asks of the world outside. */
const CALLS_MAX = 45

function triggerFor(action: TriggerAction, connectionId: string): TriggerState {
  return {
    id: 'trg_0000000000000000',
    name: 'test',
    action,
    target: { connectionId },
    rotation: action === 'rotate' ? { generate: 'shared', overlapMs: 300 * SECOND } : null,
    connections: [connectionId],
    secrets: [],
    deployed: null,
    createdAt: 0,
    updatedAt: 0,
  }
}

/** One connection, its trigger set off; who does what follows dies after so many calls. */
async function interrupted(action: TriggerAction, calls: number) {
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
    const publicKey = keyNamed('before')
    await clock.until(publishKey(services, ACTOR, { numberId: id, publicKey, verify: true }))
  }
  const trigger = triggerFor(action, connectionId)
  await createTrigger(services, { actor: ACTOR }, trigger)
  const { pem, fingerprint } = keyNamed('after')
  const payload = action === 'publish' ? ({ kind: 'key', pem, fingerprint } as const) : null
  const { id: run } = await fireTrigger(services, trigger, { digest: DIGEST, payload })

  Object.assign(services, { keyMaker: { generate: () => Promise.resolve(pair) } })
  const doomed = mortal(services, calls)
  for (let turn = 0; turn < 3; turn += 1) {
    runDueTasks(doomed, ledger, taskHandlers, { limit: 10 }).catch(() => undefined)
    await clock.advance(10 * SECOND)
  }
  // A rotation that was left half begun is dropped after a quarter of an hour.
  await world.pass(20 * MINUTE)
  const rotations = await ledger.list({ kind: 'rotation', limit: 10 })
  const numbers = await ledger.list<NumberState>({ kind: 'number', limit: 10 })
  const { items: events } = await ledger.events({ subject: run, limit: 10 })
  await ledger.close()
  return {
    told: events.map(({ type, data }) => [type, data['status'] ?? null]),
    rotations: rotations.items.length,
    inPlace: new Set(NUMBERS.map((id) => upstream.keys.get(id)?.fingerprint)).size,
    changed: numbers.items.filter(({ state }) => state.desired?.fingerprint !== 'sha256:before')
      .length,
  }
}

// A process is killed at any moment of what a message asked for: the message is neither lost nor done twice.
test.each([
  ['rotate', 1, NUMBERS.length],
  ['publish', 0, NUMBERS.length],
  ['republish', 0, 0],
  ['refresh', 0, 0],
] as const)(
  '%s, interrupted anywhere, is done',
  async (action, rotations, changed) => {
    for (let calls = 1; calls <= CALLS_MAX; calls += 1) {
      const outcome = await interrupted(action, calls)
      expect({ calls, ...outcome }).toEqual({
        calls,
        told: [
          ['trigger.fired', null],
          ['trigger.finished', 'succeeded'],
        ],
        rotations,
        inPlace: 1,
        changed,
      })
    }
  },
  60_000,
)

// The private key of a certificate must not wait for a program that is mended, however long that takes.
test('a run that fails for a day is given up, and what its message brought is kept no longer', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { services, numberId } = world
  const { connectionId } = (await readNumber(services, numberId)).state
  const trigger = triggerFor('publish', connectionId)
  await createTrigger(services, { actor: ACTOR }, trigger)
  const { pem, fingerprint } = keyNamed('after')
  const payload = { kind: 'key', pem, fingerprint } as const
  const { id } = await fireTrigger(services, trigger, { digest: DIGEST, payload })
  const broken: Ledger['mutate'] = (key, decide) =>
    key.kind === 'number' ? Promise.reject(new Error('broken')) : ledger.mutate(key, decide)
  Object.assign(services, { ledger: { ...ledger, mutate: broken } })
  const run = async () => (await ledger.read<RunState>({ kind: 'run', id }))?.state
  await world.pass(23 * HOUR)
  expect(await run()).toMatchObject({ finishedAt: null })
  await world.pass(2 * HOUR)
  expect(await run()).toMatchObject({ payload: null, failed: 1, problem: { code: 'internal' } })
  await world.pass(8 * DAY)
  expect(await run()).toBe(undefined)
  await ledger.close()
})
