import { type Instant, toTimestamp } from '../instant.ts'
import type { Fingerprint, SignatureStatus, Warning } from '../public-key.ts'
import { inSync, type NumberState, type Observation } from './state.ts'

/** The answer about a number's key, as the contract shapes it (§4). */
export interface KeyView {
  readonly numberId: string
  readonly provider: string
  readonly publicKey: string | null
  readonly fingerprint: Fingerprint | null
  readonly signatureStatus: SignatureStatus
  readonly keyId: string | null
  readonly inSync: boolean | null
  readonly publishedAt: string | null
  readonly observedAt: string | null
  readonly source: 'upstream' | 'cache' | 'published'
  readonly warnings: readonly Warning[]
}

export const VERIFICATION_PENDING: Warning = {
  code: 'verification_pending',
  message: 'Accepted by the upstream, but not read back yet; Latchkey reads it again by itself',
}

export const OUTCOME_PENDING: Warning = {
  code: 'verification_pending',
  message: 'What came of the last publish is not known yet; Latchkey keeps looking by itself',
}

const OUTCOME_UNKNOWN: Warning = {
  code: 'outcome_unknown',
  message: 'It never became known whether the upstream took this key; publish it again',
}

/** What a reader has to know while the last publish is not proved. */
export function pendingWarnings(state: NumberState): readonly Warning[] {
  const { doubt, desired, observed } = state
  const proved = observed?.status === 'valid' && observed.fingerprint === desired?.fingerprint
  if (desired === null || proved) return []
  if (doubt !== null) return [OUTCOME_PENDING]
  return desired.acceptedAt === null && observed === null ? [OUTCOME_UNKNOWN] : []
}

/** Whether what was observed still says something: no write of ours started or ended since. */
export function isCurrent(state: NumberState, seen: Observation | null): seen is Observation {
  return seen !== null && seen.epoch === state.epoch
}

/** The key as the upstream was seen to hold it. */
export function observedView(
  state: NumberState,
  seen: Observation,
  options: { readonly source: 'upstream' | 'cache'; readonly warnings: readonly Warning[] },
): KeyView {
  const ours = state.desired?.fingerprint === seen.fingerprint ? state.desired : null
  return {
    numberId: state.id,
    provider: state.provider,
    publicKey: seen.pem,
    fingerprint: seen.fingerprint,
    signatureStatus: seen.status,
    keyId: ours?.keyId ?? null,
    inSync: inSync({ ...state, observed: seen }, true),
    publishedAt: timestamp(ours?.acceptedAt ?? null),
    observedAt: toTimestamp(seen.at),
    source: options.source,
    warnings: options.warnings,
  }
}

/** The key as Latchkey last published it, where the upstream has not been, or cannot be, seen to hold it. */
export function publishedView(
  state: NumberState,
  options: { readonly readable: boolean; readonly warnings: readonly Warning[] },
): KeyView {
  const known = state.desired
  return {
    numberId: state.id,
    provider: state.provider,
    publicKey: known?.pem ?? null,
    fingerprint: known?.fingerprint ?? null,
    signatureStatus: 'unknown',
    keyId: known?.keyId ?? null,
    inSync: options.readable ? false : null,
    publishedAt: timestamp(known?.acceptedAt ?? null),
    observedAt: null,
    source: 'published',
    warnings: options.warnings,
  }
}

function timestamp(at: Instant | null): string | null {
  return at === null ? null : toTimestamp(at)
}
