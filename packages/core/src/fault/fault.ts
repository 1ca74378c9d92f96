import { FAULTS, type FaultCode } from './codes.ts'

/** What the upstream itself said, as far as it may be shown: never a URL, a header or a body. */
export interface UpstreamAnswer {
  readonly provider?: string
  readonly status: number | null
  readonly code?: string
  readonly message?: string
  readonly requestId?: string
}

/** A field of a request that is wrong; `pointer` is a JSON Pointer (RFC 6901) into the body. */
export interface FieldError {
  readonly pointer: string
  readonly message: string
}

/** Something that is wrong with, or was mended in, what was handed in. */
export interface FaultFinding {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'repaired'
  readonly message: string
  readonly certificate?: number
}

/**
 * Whether the call that failed may have changed the other side.
 * `no`: it certainly did not. `unknown`: nobody can say, so the other side has to be read again.
 */
export type Effect = 'no' | 'unknown'

export interface FaultOptions {
  readonly errors?: readonly FieldError[]
  readonly findings?: readonly FaultFinding[]
  readonly upstream?: UpstreamAnswer
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  readonly effect?: Effect
  /** For the log alone; never on the wire. */
  readonly cause?: unknown
}

const brand = Symbol.for('latchkey.fault')

/** The one error class: a code of the closed union and a text that may be shown to the caller. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly errors: readonly FieldError[]
  readonly findings: readonly FaultFinding[]
  readonly upstream: UpstreamAnswer | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly effect: Effect
  readonly [brand] = true

  constructor(code: FaultCode, detail: string, options: FaultOptions = {}) {
    super(detail, { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.errors = options.errors ?? []
    this.findings = options.findings ?? []
    this.upstream = options.upstream
    this.retryable = options.retryable ?? FAULTS[code].retryable
    this.retryAfterMs = options.retryAfterMs
    this.effect = options.effect ?? 'no'
  }
}

/** Tells a fault from any other error, across bundles and realms. */
export function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && brand in error
}

/** The same fault with some of what it tells changed. */
export function amendFault(fault: Fault, changes: FaultOptions): Fault {
  return new Fault(fault.code, fault.message, {
    errors: fault.errors,
    findings: fault.findings,
    retryable: fault.retryable,
    effect: fault.effect,
    cause: fault.cause,
    ...(fault.upstream === undefined ? {} : { upstream: fault.upstream }),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    ...changes,
  })
}

/** The same fault with the provider named in what the upstream answered. */
export function withProvider(fault: Fault, provider: string): Fault {
  const { upstream } = fault
  return upstream === undefined ? fault : amendFault(fault, { upstream: { ...upstream, provider } })
}
