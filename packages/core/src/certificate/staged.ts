import { HOUR, type Instant, isAhead } from '../instant.ts'
import type { TaskDraft } from '../ledger/ledger.ts'
import type { CertificatePurpose } from '../provider/certificates.ts'
import { SWEEP_STAGED } from './tasks.ts'

/** A file on its way, sealed; it is forgotten when it is taken, or after an hour, as a PBX does. */
export interface StagedFile {
  readonly fileName: string
  readonly purpose: CertificatePurpose
  readonly sealed: string
  readonly until: Instant
}

export interface StagedState {
  readonly files: readonly StagedFile[]
}

export const STAGED_KEPT_MS = HOUR
/** An honest chain with its key is a few kilobytes; more would not fit a row of storage. */
export const STAGED_MAX_CHARACTERS = 65_536
export const STAGED_MAX_FILES = 8

export function stagedKey(connectionId: string): { kind: 'staged'; id: string } {
  return { kind: 'staged', id: `stg_${connectionId.slice('con_'.length)}` }
}

export function stagedPlace(connectionId: string): string {
  return `connection/${connectionId}/staged`
}

/** Those whose time has not come. */
export function keptFiles(state: StagedState | null, now: Instant): readonly StagedFile[] {
  return (state?.files ?? []).filter(({ until }) => isAhead(until, now, STAGED_KEPT_MS))
}

export function sweepTask(files: readonly StagedFile[]): TaskDraft {
  const due = files.length === 0 ? null : Math.min(...files.map(({ until }) => until))
  return { name: SWEEP_STAGED, due }
}
