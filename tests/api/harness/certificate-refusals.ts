import { expect } from 'vitest'
import type { CertificateDialect } from './certificate-dialects.ts'
import type { Sent } from './client.ts'
import { expectUnkept } from './dialect-refusals.ts'

type Told = readonly [onprem: readonly [status: number, code: number], errcode: number]

/** What each provider's pages have for it. */
const REFUSALS = {
  unauthenticated: [[401, 1005], 10_004],
  forbidden: [[403, 1005], 10_005],
  unknown: [[404, 1006], 60_001],
  wrong: [[400, 1009], 40_002],
  unsupported: [[400, 1025], 40_002],
  large: [[400, 1009], 40_004],
  full: [[409, 1004], 60_002],
  rejected: [[400, 1009], -1],
  unauthorized: [[500, 1011], -1],
  throttled: [[429, 1015], 70_082],
  unavailable: [[503, 1016], -2],
  malformed: [[500, 1014], -2],
  late: [[500, 1014], -2],
} as const satisfies Readonly<Record<string, Told>>

export type CertificateRefusal = keyof typeof REFUSALS

/** An answer is a refusal as the provider's callers know it, and nobody keeps it. */
export function expectCertificateRefusal(
  dialect: CertificateDialect,
  sent: Sent,
  refusal: CertificateRefusal,
  about: string = refusal,
): void {
  const [[status, code], errcode] = REFUSALS[refusal]
  const told =
    dialect === 'onprem'
      ? [status, { meta: { api_status: 'stable' }, errors: [{ code }] }]
      : [200, { errcode }]
  expect([sent.status, sent.json], `${about}: ${sent.text}`).toMatchObject(told)
  expectUnkept(sent)
}
