import type { FaultCode } from '../fault/codes.ts'
import { DAY, type Instant } from '../instant.ts'
import type { TriggerOrder } from './state.ts'

/** How long a run is kept when it is over. That its message was taken is known for good: its id stays taken. */
export const KEPT_MS = 7 * DAY

export interface RunProblem {
  readonly code: FaultCode
  readonly message: string
}

/** What came of a run so far. */
export interface RunProgress {
  /** The next numbers to be done, as many as a row can hold; null until they are known. */
  readonly left: readonly string[] | null
  /** The last of them, where others come after it when these are done. */
  readonly cursor?: string | null
  /** Those to be tried again when the others are done, and how often that was. */
  readonly again: readonly string[]
  readonly rounds: number
  readonly done: number
  readonly failed: number
  /** Why the first failed. */
  readonly problem: RunProblem | null
  /** What it has started: a rotation, or a certificate on its way. */
  readonly made: string | null
}

export const NO_PROGRESS: RunProgress = {
  left: null,
  again: [],
  rounds: 0,
  done: 0,
  failed: 0,
  problem: null,
  made: null,
}

/** A message that set a trigger off. */
export interface RunState extends TriggerOrder, RunProgress {
  readonly id: string
  readonly triggerId: string
  /** What the message brought along, sealed to `runPlace`; null where that is nothing, or no longer needed. */
  readonly payload: string | null
  readonly receivedAt: Instant
  readonly finishedAt: Instant | null
}

/** What a message may bring along. */
export type RunPayload =
  | { readonly kind: 'key'; readonly pem: string; readonly fingerprint: `sha256:${string}` }
  | {
      readonly kind: 'certificate'
      readonly pem: string
      readonly privateKey?: string
      readonly passphrase?: string
    }

/** Where what a message brought along is sealed to. */
export function runPlace(runId: string): string {
  return `run/${runId}/payload`
}

/** Enough hex of a digest that no two messages share it. */
const RUN_HEX = 32

/** The run of a message, by the digest of its trigger and its id: the message sent again finds the same. */
export function runIdOf(digest: string): string {
  return `run_${digest.slice(0, RUN_HEX)}`
}

/** What makes that what a run does first is done once, though whoever did it died before it could say so. */
export function runReceiptId(runId: string): string {
  return runId.slice('run_'.length)
}
