import {
  type Entry,
  rotationCounts,
  type RotationKey,
  type RotationState,
  SECOND,
  type StripeState,
  toTimestamp,
} from '@latchkey/core'
import type * as z from 'zod'
import type { rotationNumberSchema, rotationSchema } from '../schemas/rotation.ts'

export function showRotation(state: RotationState): z.infer<typeof rotationSchema> {
  return {
    id: state.id,
    status: state.status,
    counts: rotationCounts(state),
    key: showKey(state.key),
    overlapSeconds: state.overlapMs / SECOND,
    startedAt: toTimestamp(state.startedAt),
    finishedAt: state.finishedAt === null ? null : toTimestamp(state.finishedAt),
  }
}

function showKey(key: RotationKey): z.infer<typeof rotationSchema>['key'] {
  switch (key.kind) {
    case 'per-number':
      return { generate: 'per-number' }
    case 'one':
      return { keyId: key.keyId }
    case 'previous':
      return { rollbackOf: key.rotationId }
  }
}

export function showEntry(
  { connectionId }: StripeState,
  { numberId, status, keyId, previous, onlyOver, problem }: Entry,
): z.infer<typeof rotationNumberSchema> {
  return {
    numberId,
    connectionId,
    status,
    keyId,
    // In a rollback `previous` is what comes back.
    previousFingerprint: onlyOver ?? previous?.fingerprint ?? null,
    problem:
      problem === null
        ? null
        : {
            code: problem.code,
            detail: problem.message,
            ...(problem.upstream === undefined ? {} : { upstream: { ...problem.upstream } }),
          },
  }
}
