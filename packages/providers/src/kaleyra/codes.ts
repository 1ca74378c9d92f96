import { MINUTE } from '@latchkey/core'
import type { Verdict } from '../shared/verdict.ts'

/** One documented error: HTTP status and code as the page on setting the key spells them, and what it means to us. */
export interface KaleyraCode {
  readonly status: number
  readonly code: string
  readonly verdict: Verdict
}

export const SUCCESS_CODE = 'WA-200'
/** The page on error codes advises to try again after 5, 10 and 15 minutes. */
const FIRST_RETRY_MS = 5 * MINUTE

const ROWS: readonly KaleyraCode[] = [
  {
    status: 401,
    code: 'RBC001',
    verdict: {
      code: 'upstream_unauthorized',
      reason:
        'the SID and the API key do not belong together; a key also ends with the team member who made it',
    },
  },
  {
    status: 401,
    code: 'WA-401',
    verdict: {
      code: 'upstream_unauthorized',
      reason: 'the API is not enabled for this account; Kaleyra’s support can enable it',
    },
  },
  {
    status: 400,
    code: 'WA-400',
    verdict: {
      code: 'upstream_rejected',
      reason:
        'Kaleyra does not take it: the key must be RSA of 2048 bits in PEM, and the number registered',
    },
  },
  {
    status: 500,
    code: 'WA-500',
    verdict: {
      code: 'upstream_unavailable',
      reason: 'Kaleyra had an internal error',
      retryAfterMs: FIRST_RETRY_MS,
      effect: 'unknown',
    },
  },
  {
    status: 400,
    code: 'E110',
    verdict: { code: 'upstream_rejected', reason: 'the account’s balance is insufficient' },
  },
  {
    status: 400,
    code: 'WAV2101',
    verdict: { code: 'upstream_rate_limited', reason: 'the account’s daily limit is reached' },
  },
]

/** By normalized code. */
export const KALEYRA_CODES: ReadonlyMap<string, KaleyraCode> = new Map(
  ROWS.map((row) => [normalizeCode(row.code), row]),
)

/** Kaleyra's pages spell one code as `WA-401` and as `WA401`. */
export function normalizeCode(code: string | number): string {
  return String(code)
    .replaceAll(/[\s_-]/g, '')
    .toUpperCase()
}
