import type { SafeCause } from '../redact/safe-cause.ts'

/** One HTTP request as it goes on the wire. */
export interface TransportRequest {
  readonly url: URL
  readonly method: string
  /** By lower-case name; complete but for `host`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
  /** Ends the whole exchange, the reading of the answer included. */
  readonly signal: AbortSignal
}

/** What came back: a `Response` is one. The body is decoded (`Content-Encoding`) and not yet read. */
export interface TransportResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | null
}

/**
 * Sends one request to a host that the policy admits and dials no other address. Never follows a redirect.
 * @throws Fault invalid_request where the policy refuses the host
 * @throws TransportFailure for everything that the network did
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/**
 * `refused`: the host resolved to an address that the policy refuses. `unreachable`: no connection came about.
 * `interrupted`: it ended before the answer did. `malformed`: what came back is not HTTP.
 */
export type FailureKind = 'refused' | 'unreachable' | 'interrupted' | 'malformed'

/** Why an answer did not come. Its message and cause are free of URLs, headers and addresses. */
export class TransportFailure extends Error {
  readonly kind: FailureKind
  /** Whether any byte of the request may have left. */
  readonly sent: boolean

  constructor(
    kind: FailureKind,
    reason: string,
    options: { readonly sent: boolean; readonly cause?: SafeCause },
  ) {
    super(reason, { cause: options.cause })
    this.name = 'TransportFailure'
    this.kind = kind
    this.sent = options.sent
  }
}
