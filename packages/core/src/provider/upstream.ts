import { SECOND } from '../instant.ts'
import type { Pace } from '../pace/pace.ts'
import type { Exchange } from './exchange.ts'
import type { Pressure, UpstreamOrigin } from './provider.ts'
import type { UpstreamResponse } from './exchange.ts'

/** No call takes longer, with all its attempts and the pauses between them. Leases are reckoned by it. */
export const CALL_MAX_MS = 25 * SECOND

export interface UpstreamCall<Input, Output> {
  readonly origin: UpstreamOrigin
  readonly exchange: Exchange<Input, Output>
  readonly input: Input
  readonly session: string | null
  /** Calls of one lane share its limit of calls at once; a lane is a connection. */
  readonly lane: { readonly key: string; readonly limit: number }
  /** What the upstream may repeat and nobody else may learn, beside what this very call carries. */
  readonly secrets?: readonly string[]
  readonly pressure?: (response: UpstreamResponse) => Pressure | null
  /** How often it may be sent in all; more than once only where that is safe. */
  readonly attempts?: number
}

/** What an upstream call came to, with what the log and the event may tell of it. */
export interface UpstreamOutcome<Output> {
  readonly value: Output
  readonly status: number
  readonly requestId: string | null
  readonly durationMs: number
  readonly attempts: number
  readonly pressure: Pressure | null
}

/** Calls out. The implementation holds host policy, time and size limits, retries and redaction. */
export interface Upstream {
  /**
   * Checks an origin, its host by the host policy and its trust by what the runtime can do, without calling it, as when a connection is made.
   * @throws Fault invalid_request with a pointer-less text that names what is wrong
   */
  admit(origin: UpstreamOrigin): void
  /** @throws Fault upstream_* with `effect` telling whether the other side may have changed */
  perform<Input, Output>(call: UpstreamCall<Input, Output>): Promise<UpstreamOutcome<Output>>
  /**
   * Reads the DER of the certificate that the origin's host shows as its own, trusting nobody and sending nothing.
   * Null on a runtime that shows no certificates.
   * @throws Fault invalid_request where the origin is plain http, upstream_unavailable, upstream_timeout
   */
  readonly servedCertificate: ((origin: UpstreamOrigin) => Promise<Uint8Array<ArrayBuffer>>) | null
  /** What all who call by this port have learned of how fast they may. */
  readonly pace: Pace
  /** How many calls the runtime lets be under way at once; left out: any number. */
  readonly callsAtOnce?: number
  /** The hard limit of one attempt in milliseconds; leases are longer than it. */
  readonly timeoutMs: number
}
