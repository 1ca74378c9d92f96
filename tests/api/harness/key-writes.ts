import { addKey } from './ring-keys.ts'
import type { WriteKind } from './write-kind.ts'

/** Each write to the ring of keys that takes an Idempotency-Key. */
export const KEY_WRITES: readonly WriteKind[] = [
  {
    operationId: 'addKey',
    status: 201,
    event: ['key.created', 1],
    prepare: () => Promise.resolve({ method: 'POST', path: '/v1/keys', json: { generate: true } }),
  },
  {
    operationId: 'deleteKey',
    status: 204,
    event: ['key.deleted', 1],
    async prepare(api) {
      const { id } = await addKey(api, { generate: true })
      return { method: 'DELETE', path: `/v1/keys/${id}` }
    },
  },
]
