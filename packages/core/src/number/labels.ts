import { keyLabels } from './ring.ts'
import { inSync, type NumberState } from './state.ts'

/** The columns that lists of numbers filter by. */
export function numberLabels(state: NumberState, readable: boolean): Record<string, string> {
  return {
    connectionId: state.connectionId,
    provider: state.provider,
    inSync: String(inSync(state, readable)),
    signatureStatus: state.observed?.status ?? 'unknown',
    ...keyLabels(state),
  }
}
