import { HOUR } from '@latchkey/core'
import {
  anything,
  integer,
  InputError,
  nullable,
  object,
  oneOf,
  tagged,
  text,
  textOr,
  textRecord,
  type Reader,
} from '../shared/readers.ts'
import { UPSTREAMS, type Upstream } from '../shared/upstreams.ts'

/** What goes out instead of the emulator's own answer. */
export type Replacement =
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** Nothing is ever sent; the connection stays open until the caller gives up. */
  | { readonly kind: 'hang' }
  | {
      readonly kind: 'respond'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      /** Sent as JSON, in place of `body`. */
      readonly json?: unknown
    }
  /** The upstream's own answer for one of its error codes: its status, envelope and headers. */
  | { readonly kind: 'vendor-error'; readonly code: string | number }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: RedirectStatus }
  /** A page such as a proxy sends. */
  | { readonly kind: 'html'; readonly status?: number }

/** What becomes of the emulator's own answer on its way. */
export type Distortion =
  /** The own answer, cut before its end: more is announced than sent, then the connection closes. */
  | { readonly kind: 'truncate' }
  /** The own answer cut in half, announced at its true length: JSON that cannot be parsed. */
  | { readonly kind: 'garbage' }
  /** The own answer, padded with blanks to this many bytes: JSON of a size nobody should read. */
  | { readonly kind: 'oversize'; readonly bytes?: number }
  /** The own status with no body. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'content-type'; readonly value: string }
  /** The own answer, a few bytes at a time. */
  | { readonly kind: 'drip'; readonly chunkBytes: number; readonly intervalMs: number }

export type FaultAnswer = Replacement | Distortion

type RedirectStatus = 301 | 302 | 303 | 307 | 308

/** Something that goes wrong with the requests that match. */
export interface FaultRule {
  readonly upstream: Upstream
  /** Any method, where left out. */
  readonly method?: string
  /** Below the upstream's prefix; `*` stands for one segment, a last `**` for all that follow. */
  readonly path?: string
  /** How many matching requests it strikes: 1 where left out, null for all until it is cleared. */
  readonly times?: number | null
  /** How many matching requests it lets pass first. */
  readonly skip?: number
  /**
   * Whether the emulator handles the request: `now`, `never`, or later, long after the caller has its
   * answer. Left out: `never` where the answer is replaced, `now` where it is the emulator's own.
   */
  readonly apply?: 'now' | 'never' | { readonly afterMs: number }
  /** Waits so long before the emulator sees the request. */
  readonly latencyMs?: number
  /** Waits so long, after the emulator has handled the request, before anything is answered. */
  readonly answerLatencyMs?: number
  /** The emulator's own answer, where left out. */
  readonly answer?: FaultAnswer
}

/** Announced bodies beyond this size are nobody's answer; it bounds what `oversize` may build. */
const MAX_OVERSIZE_BYTES = 64 * 1024 * 1024

const readAnswer: Reader<FaultAnswer> = tagged('kind', {
  reset: object({ kind: oneOf('reset') }, {}),
  hang: object({ kind: oneOf('hang') }, {}),
  respond: object(
    { kind: oneOf('respond'), status: integer(200, 599) },
    { headers: textRecord, body: text, json: anything },
  ),
  'vendor-error': object(
    {
      kind: oneOf('vendor-error'),
      code: textOr(text, integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)),
    },
    {},
  ),
  redirect: object(
    { kind: oneOf('redirect'), location: text },
    { status: oneOf(301, 302, 303, 307, 308) },
  ),
  html: object({ kind: oneOf('html') }, { status: integer(200, 599) }),
  truncate: object({ kind: oneOf('truncate') }, {}),
  garbage: object({ kind: oneOf('garbage') }, {}),
  oversize: object({ kind: oneOf('oversize') }, { bytes: integer(1, MAX_OVERSIZE_BYTES) }),
  empty: object({ kind: oneOf('empty') }, {}),
  'content-type': object({ kind: oneOf('content-type'), value: text }, {}),
  drip: object(
    {
      kind: oneOf('drip'),
      chunkBytes: integer(1, MAX_OVERSIZE_BYTES),
      intervalMs: integer(0, HOUR),
    },
    {},
  ),
})

const readRule: Reader<FaultRule> = object(
  { upstream: oneOf(...UPSTREAMS) },
  {
    method: text,
    path: text,
    times: nullable(integer(1, Number.MAX_SAFE_INTEGER)),
    skip: integer(0, Number.MAX_SAFE_INTEGER),
    apply: textOr(oneOf('now', 'never'), object({ afterMs: integer(0, HOUR) }, {})),
    latencyMs: integer(0, HOUR),
    answerLatencyMs: integer(0, HOUR),
    answer: readAnswer,
  },
)

const REPLACEMENTS = ['reset', 'hang', 'respond', 'vendor-error', 'redirect', 'html'] as const

/** Whether an answer stands on its own, so that the emulator need not have handled the request. */
export function isReplacement(answer: FaultAnswer): answer is Replacement {
  return REPLACEMENTS.some((kind) => kind === answer.kind)
}

/** @throws InputError naming the place of what is wrong */
export function parseFaultRule(value: unknown): FaultRule {
  const parsed = readRule(value, '')
  const deferred = parsed.apply !== undefined && parsed.apply !== 'now'
  if (deferred && (parsed.answer === undefined || !isReplacement(parsed.answer)))
    throw new InputError(
      'apply',
      `must be now unless answer.kind is one of ${REPLACEMENTS.join(', ')}`,
    )
  if (parsed.path !== undefined && !parsed.path.startsWith('/'))
    throw new InputError('path', 'must start with /')
  return parsed
}
