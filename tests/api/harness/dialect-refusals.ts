import { expect } from 'vitest'
import type { Sent } from './client.ts'
import type { KeyDialect } from './key-dialects.ts'

/** What a caller of any dialect may be told. */
export type Refusal =
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown'
  | 'wrong'
  | 'unsupported'
  | 'method'
  | 'path'
  | 'type'
  | 'ambiguous'
  | 'rejected'
  | 'unauthorized'
  | 'throttled'
  | 'unavailable'
  | 'malformed'
  | 'late'

type Words = readonly [status: number, code: number | string, subcode?: number]

/** The status and code that each provider's pages have for it. */
const REFUSALS: Readonly<Record<KeyDialect, Readonly<Record<Refusal, Words>>>> = {
  graph: {
    unauthenticated: [401, 190],
    forbidden: [403, 10],
    unknown: [400, 100, 33],
    wrong: [400, 100],
    unsupported: [400, 100, 33],
    method: [400, 100, 33],
    path: [400, 2500],
    type: [400, 100],
    ambiguous: [400, 100],
    rejected: [400, 100],
    unauthorized: [500, 131000],
    throttled: [400, 80007],
    unavailable: [503, 2],
    malformed: [500, 131000],
    late: [503, 2],
  },
  onprem: {
    unauthenticated: [401, 1005],
    forbidden: [403, 1005],
    unknown: [404, 1006],
    wrong: [400, 1009],
    unsupported: [400, 1025],
    method: [400, 1025],
    path: [404, 1006],
    type: [400, 1009],
    ambiguous: [409, 1004],
    rejected: [400, 1009],
    unauthorized: [500, 1011],
    throttled: [429, 1015],
    unavailable: [503, 1016],
    malformed: [500, 1014],
    late: [500, 1014],
  },
  kaleyra: {
    unauthenticated: [401, 'RBC001'],
    forbidden: [401, 'WA-401'],
    unknown: [400, 'WA-400'],
    wrong: [400, 'WA-400'],
    unsupported: [401, 'WA-401'],
    method: [405, 'WA-400'],
    path: [404, 'WA-400'],
    type: [400, 'WA-400'],
    ambiguous: [400, 'WA-400'],
    rejected: [400, 'WA-400'],
    unauthorized: [401, 'WA-401'],
    throttled: [429, '80007'],
    unavailable: [500, 'WA-500'],
    malformed: [500, 'WA-500'],
    late: [500, 'WA-500'],
  },
}

const TEXT: unknown = expect.any(String)
const ANYTHING: unknown = expect.anything()

const ENVELOPES: Readonly<
  Record<KeyDialect, (code: number | string, subcode: number | undefined) => object>
> = {
  graph: (code, subcode) => ({
    error: {
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      message: TEXT,
      type: TEXT,
      fbtrace_id: TEXT,
    },
  }),
  onprem: (code) => ({
    meta: { api_status: 'stable' },
    errors: [{ code, title: TEXT, details: TEXT }],
  }),
  kaleyra: (code) => ({ code, message: TEXT, error: ANYTHING }),
}

/** An answer is a refusal in the provider's own envelope, and nobody keeps it. */
export function expectRefusal(
  dialect: KeyDialect,
  sent: Sent,
  refusal: Refusal,
  about: string = refusal,
): void {
  const [status, code, subcode] = REFUSALS[dialect][refusal]
  expect([sent.status, sent.json], `${dialect}: ${about}: ${sent.text}`).toMatchObject([
    status,
    ENVELOPES[dialect](code, subcode),
  ])
  expect(sent.headers.get('content-type'), about).toContain('application/json')
  expectUnkept(sent)
}

export function expectUnkept({ headers }: Pick<Sent, 'headers'>): void {
  expect(headers.get('cache-control')).toBe('no-store')
}
