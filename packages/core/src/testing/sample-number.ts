import type { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { Actor } from '../ledger/ledger.ts'
import { claimResend, claimWrite } from '../number/claim.ts'
import { concludeWrite, type WriteOutcome } from '../number/conclude.ts'
import { intend } from '../number/intend.ts'
import { newNumber, type NumberState, type Writing } from '../number/state.ts'
import type { Step } from '../number/transition.ts'
import type { KeyReading, PublicKey, SignatureStatus } from '../public-key.ts'

export const NOW = Date.UTC(2026, 9, 20)
export const ACTOR: Actor = { kind: 'token', id: 'tok_1' }

export function sampleKey(name: string): PublicKey {
  return { pem: `PEM ${name}`, fingerprint: `sha256:${name}` }
}

/** A reading of a key by its name; of none by null. */
export function sampleReading(name: string | null, status?: SignatureStatus): KeyReading {
  return {
    status: status ?? (name === null ? 'unset' : 'valid'),
    publicKey: name === null ? null : sampleKey(name),
    warnings: [],
  }
}

export function sampleNumber(): NumberState {
  return newNumber({
    id: 'num_1',
    connectionId: 'con_1',
    provider: 'model',
    upstreamId: '1',
    label: null,
    at: NOW,
  })
}

/** The number with a key asked for. */
export function asked(state: NumberState, name: string, at: Instant = NOW): NumberState {
  return intend(state, { publicKey: sampleKey(name), keyId: null, actor: ACTOR, at }).next
}

export interface Started {
  readonly state: NumberState
  readonly writing: Writing
}

/** The number with a key on its way. */
export function started(state: NumberState, name: string, at: Instant = NOW): Started {
  const waiting = asked(state, name, at)
  return granted(claimWrite(waiting, waiting.generation, at))
}

/** The number with its desired key on its way once more. */
export function startedAgain(state: NumberState, at: Instant = NOW): Started {
  return granted(claimResend(state, at))
}

function granted(claim: ReturnType<typeof claimWrite>): Started {
  if (claim.outcome !== 'granted') throw new Error(`Cannot start: ${claim.outcome}`)
  return { state: claim.step.next, writing: claim.writing }
}

/** The step that ends a write which its owner still holds. */
export function ended(
  { state, writing }: Started,
  outcome: WriteOutcome,
  { at = NOW, readable = true }: { readonly at?: Instant; readonly readable?: boolean } = {},
): Step {
  const conclusion = concludeWrite(state, writing, outcome, { now: at, readable, actor: ACTOR })
  if (!conclusion.held) throw new Error('Cannot end: somebody else has it')
  return conclusion.step
}

export function accepted(reading: KeyReading | null): WriteOutcome {
  return { kind: 'accepted', reading, answer: { status: 200 } }
}

export function failed(kind: 'refused' | 'unknown', fault: Fault): WriteOutcome {
  return { kind, fault }
}
