import type { RepairCode } from '@latchkey/crypto'
import type { FindingCode } from '../findings.ts'
import type { Certificate } from '../read/certificate.ts'

/** What a bundle as a whole can be told; what one certificate can be told has the codes of path validation. */
export type BundleCode =
  | RepairCode
  | FindingCode
  | 'text_too_large'
  | 'pem_malformed'
  | 'no_certificate'
  | 'too_many_certificates'
  | 'other_blocks_dropped'
  | 'duplicate_dropped'
  | 'unrelated_dropped'
  | 'root_dropped'
  | 'reordered'
  | 'private_key_missing'
  | 'private_key_unreadable'
  | 'private_key_mismatch'
  | 'private_key_unproven'
  | 'private_key_unrelated'
  | 'private_key_forbidden'
  | 'private_key_suspected'
  | 'passphrase_not_needed'
  | 'intermediate_missing'
  | 'chain_incomplete'
  | 'self_signed_leaf'
  | 'trust_anchor_unknown'
  | 'roots_unreadable'
  | 'expires_soon'

/** A repair was made and needs nothing; a warning may matter to some; an error is refused. */
export type BundleSeverity = 'error' | 'warning' | 'repaired'

/** A finding as long as the certificates have no numbers yet. */
export interface Note {
  readonly code: BundleCode
  readonly severity: BundleSeverity
  readonly message: string
  readonly about?: Certificate
}

export interface BundleFinding {
  readonly code: BundleCode
  readonly severity: BundleSeverity
  readonly message: string
  /** Index into the certificates of the inspection. */
  readonly certificate?: number
}

export function note(
  severity: BundleSeverity,
  code: BundleCode,
  message: string,
  about?: Certificate,
): Note {
  return about === undefined ? { code, severity, message } : { code, severity, message, about }
}
