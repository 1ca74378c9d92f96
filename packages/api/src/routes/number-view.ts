import {
  inSync,
  isReadable,
  type NumberState,
  type Services,
  target,
  toTimestamp,
} from '@latchkey/core'
import type * as z from 'zod'
import type { numberSchema } from '../schemas/number.ts'

export function showNumber(services: Services, state: NumberState): z.infer<typeof numberSchema> {
  return {
    id: state.id,
    connectionId: state.connectionId,
    provider: state.provider,
    upstreamId: state.upstreamId,
    label: state.label,
    fingerprint: target(state)?.fingerprint ?? null,
    signatureStatus: state.observed?.status ?? 'unknown',
    inSync: inSync(state, isReadable(services, state)),
    observedAt: state.observed === null ? null : toTimestamp(state.observed.at),
    createdAt: toTimestamp(state.createdAt),
    updatedAt: toTimestamp(state.updatedAt),
  }
}
