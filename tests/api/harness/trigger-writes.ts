import { makeNumber } from './client.ts'
import type { ApiHarness } from './harness.ts'
import { makeTrigger } from './triggers.ts'
import type { WriteKind } from './write-kind.ts'

async function refreshing(api: ApiHarness) {
  const { numberId } = await makeNumber(api, 'graph')
  return { action: 'refresh', target: { numberId } }
}

async function pathOfOne(api: ApiHarness): Promise<string> {
  return `/v1/triggers/${(await makeTrigger(api, await refreshing(api))).id}`
}

/** Each write to triggers that takes an Idempotency-Key. */
export const TRIGGER_WRITES: readonly WriteKind[] = [
  {
    operationId: 'createTrigger',
    status: 201,
    event: ['trigger.created', 1],
    prepare: async (api) => ({
      method: 'POST',
      path: '/v1/triggers',
      json: { name: 'once', ...(await refreshing(api)) },
    }),
  },
  {
    operationId: 'deleteTrigger',
    status: 204,
    event: ['trigger.deleted', 1],
    prepare: async (api) => ({ method: 'DELETE', path: await pathOfOne(api) }),
  },
  {
    operationId: 'rotateTriggerSecret',
    status: 200,
    event: ['trigger.secret_rotated', 1],
    prepare: async (api) => ({
      method: 'POST',
      path: `${await pathOfOne(api)}/rotate-secret`,
    }),
  },
]
