import { DEPLOYMENT_KEY, type DeploymentState, ensureDeployment } from '@latchkey/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SweepWorld, sweepWorld } from './sweep-world.ts'

const SWEEP_MS = 6 * 3_600_000
/** More than are seen to in one go. */
const NUMBERS = 250

let world: SweepWorld
beforeEach(async () => {
  world = await sweepWorld()
})
afterEach(() => world.close())

/** As a program left it that read numbers only when it was asked to. */
async function asBefore(ids: readonly string[]): Promise<void> {
  const { ledger, services } = world
  await ensureDeployment(services)
  await ledger.mutate<DeploymentState, null>(DEPLOYMENT_KEY, (state) => {
    if (state === null) throw new Error('There is no deployment')
    const { sweeps: _, ...next } = state
    return { result: null, next, labels: {} }
  })
  for (const id of ids) {
    const tasks = [{ name: 'sweep', due: null }]
    await ledger.mutate({ kind: 'number', id }, () => ({ result: null, tasks }))
  }
}

async function deployment(): Promise<DeploymentState | undefined> {
  return (await world.ledger.read<DeploymentState>(DEPLOYMENT_KEY))?.state
}

test('the numbers that an earlier version left are swept like any', async () => {
  const connectionId = await world.connect()
  const ids: string[] = []
  for (let index = 0; index < NUMBERS; index += 1) {
    ids.push(await world.add(connectionId, String(index)))
  }
  await asBefore(ids)
  await world.pass(SWEEP_MS)
  expect(world.calls).toEqual([])
  await ensureDeployment(world.services)
  await world.pass(1)
  expect((await deployment())?.sweeps).toBe('armed')
  await world.pass(SWEEP_MS)
  expect(new Set(world.calls.map(({ upstreamId }) => upstreamId)).size).toBe(NUMBERS)
  expect(world.calls).toHaveLength(NUMBERS)
})

test('a deployment that sweeps from its beginning sees to nothing', async () => {
  expect((await ensureDeployment(world.services)).sweeps).toBe('armed')
})
