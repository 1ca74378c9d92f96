import {
  type CertificateKind,
  DAY,
  runDueTasks,
  type RunState,
  SECOND,
  taskHandlers,
  type TriggerState,
} from '@latchkey/core'
import { createTrigger, fireTrigger } from '@latchkey/core/triggers'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { certificateNamed, LISTED, pemNamed, SLOTS } from '../support/certificate-provider.ts'
import { expectAtRest, expectSlotsAgree } from '../support/certificate-rest.ts'
import { certificateWorld } from '../support/certificate-world.ts'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const TRIGGER_ID = 'trg_0000000000000000'
const MESSAGE = 'fedcba9876543210'.repeat(4)
/** More than a run with all that follows from it asks of the world outside. */
const CALLS_MAX = 70
const TURNS = 3

/** A trigger that has deployed one certificate; who deploys the next dies after so many calls. */
async function interrupted(kinds: readonly CertificateKind[], calls: number) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await certificateWorld({ ledger, seed: calls, weather: CALM, kinds })
  const { clock, connectionId, services } = world
  const trigger: TriggerState = {
    id: TRIGGER_ID,
    name: 'test',
    action: 'deploy-certificate',
    target: { connectionId },
    rotation: null,
    connections: [connectionId],
    secrets: [],
    deployed: null,
    createdAt: clock.now(),
    updatedAt: clock.now(),
  }
  await createTrigger(services, { actor: ACTOR }, trigger)
  const fire = (name: string, digest: string) =>
    fireTrigger(services, trigger, {
      digest,
      payload: { kind: 'certificate', pem: pemNamed(name) },
    })
  await fire('before', '0123456789abcdef'.repeat(4))
  await world.pass(60 * SECOND)
  const { id } = await fire('after', MESSAGE)

  let turns = 0
  const doomed = mortal(services, calls)
  for (let turn = 0; turn < TURNS; turn += 1) {
    void runDueTasks(doomed, ledger, taskHandlers, { limit: 10 }).then(() => (turns += 1))
    await clock.advance(10 * SECOND)
  }
  await world.pass(DAY)
  const again = await fire('after', MESSAGE)
  await world.pass(DAY)
  const { items: events } = await ledger.events({ subject: id, limit: 10 })
  return {
    world,
    id,
    again,
    hasSurvived: turns === TURNS,
    told: events.map(({ type, data }) => [type, data['status'] ?? null]),
    run: (await ledger.read<RunState>({ kind: 'run', id }))?.state,
  }
}

// A process is killed at any moment of bringing a certificate to its place: it gets there, once.
test.each([
  ['that are listed', LISTED],
  ['in slots', SLOTS],
] as const)(
  'deploy-certificate, interrupted anywhere, is done: certificates %s',
  async (_, kinds) => {
    let hasSurvived = false
    for (let calls = 1; calls <= CALLS_MAX; calls += 1) {
      const outcome = await interrupted(kinds, calls)
      const { world, id, again, told, run } = outcome
      const after = `after ${calls} calls`
      expect(again, after).toEqual({ id, startedAt: null })
      expect(told, after).toEqual([
        ['trigger.fired', null],
        ['trigger.finished', 'succeeded'],
      ])
      expect(run, after).toMatchObject({ payload: null, done: 1, failed: 0 })
      const kept = await world.certificates()
      expect(kept, after).toMatchObject([
        { id: run?.made, bundle: { pem: certificateNamed('after') } },
      ])
      const { created, held, slots } = world.upstream
      if (world.lists) {
        expect([created.length, held.length], after).toEqual([2, 1])
        expect(kept, after).toMatchObject([{ status: 'active' }])
        await expectAtRest(world)
      } else {
        expect(slots.get('server'), after).toContain('\nafter\n')
        await expectSlotsAgree(world)
      }
      await world.ledger.close()
      hasSurvived = outcome.hasSurvived
    }
    // Otherwise there are moments in which it did not die.
    expect(hasSurvived).toBe(true)
  },
  60_000,
)
