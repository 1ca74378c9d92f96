/** What one validation may cost; measured on all runtimes to stay well below a second. */
const LIMITS = {
  /** Go's crypto/x509 draws the same line; honest sets of cross-signed authorities stay below 20. */
  signatures: 100,
  /** Of whatever may have issued a certificate of the path and so is read in full; hundreds of ordinary ones. */
  octets: 262_144,
  /** Bytes of the names of all that was given: a thousand that are long. */
  names: 262_144,
  /** Candidates looked at while building. */
  candidates: 5_000,
  /** Names times constraints; Go's limit too. */
  comparisons: 250_000,
} as const

export type Work = keyof typeof LIMITS

/** Thrown when a validation has cost enough, and caught where it becomes a finding. */
export class WorkExceeded extends Error {
  override readonly name = 'WorkExceeded'
}

export interface Budget {
  /** @throws WorkExceeded where this is more than is left */
  spend(work: Work, amount?: number): void
}

const WORDS: Readonly<Record<Work, string>> = {
  signatures: 'signatures to verify',
  octets: 'bytes of certificates to read',
  names: 'bytes of names to read',
  candidates: 'candidates for issuers',
  comparisons: 'names to compare with constraints',
}

export function createBudget(): Budget {
  const left: Record<Work, number> = { ...LIMITS }
  return {
    spend(work, amount = 1) {
      left[work] -= amount
      if (left[work] >= 0) return
      throw new WorkExceeded(`There are more than ${LIMITS[work]} ${WORDS[work]}`)
    },
  }
}
