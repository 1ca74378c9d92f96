import type { ApiHarness } from './harness.ts'
import { finished, makeFleet, SHARED, start } from './rotation-calls.ts'
import type { WriteKind } from './write-kind.ts'

const PATH = '/v1/rotations'
const json = { numbers: { all: true }, key: SHARED }

async function startOne(api: ApiHarness): Promise<string> {
  await makeFleet(api, 1)
  return (await start(api, json)).id
}

/** Each write to rotations that takes an Idempotency-Key. */
export const ROTATION_WRITES: readonly WriteKind[] = [
  {
    operationId: 'startRotation',
    status: 202,
    goesOn: true,
    event: ['rotation.started', 1],
    async prepare(api) {
      await makeFleet(api, 1)
      return { method: 'POST', path: PATH, json }
    },
  },
  {
    operationId: 'cancelRotation',
    status: 202,
    goesOn: true,
    event: ['rotation.cancelled', 1],
    async prepare(api) {
      await makeFleet(api, 1)
      // It waits for its upstream, and so is there to be cancelled.
      await api.sandbox.addFault({ upstream: 'graph', times: null, answer: { kind: 'hang' } })
      const { id } = await start(api, json)
      return { method: 'POST', path: `${PATH}/${id}/cancel` }
    },
  },
  {
    operationId: 'retryRotation',
    status: 202,
    goesOn: true,
    event: ['rotation.retried', 1],
    async prepare(api) {
      const answer = { kind: 'vendor-error', code: 100 } as const
      await makeFleet(api, 1)
      await api.sandbox.addFault({ upstream: 'graph', method: 'POST', answer })
      const { id } = await start(api, json)
      await finished(api, id)
      return { method: 'POST', path: `${PATH}/${id}/retry` }
    },
  },
  {
    operationId: 'rollbackRotation',
    status: 202,
    goesOn: true,
    event: ['rotation.started', 1],
    async prepare(api) {
      const id = await startOne(api)
      await finished(api, id)
      return { method: 'POST', path: `${PATH}/${id}/rollback` }
    },
  },
]
