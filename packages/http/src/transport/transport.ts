import type { TlsTrust } from '@latchkey/core'
import type { SafeCause } from '../redact/safe-cause.ts'

/** One HTTP request as it goes on the wire. */
export interface TransportRequest {
  readonly url: URL
  readonly method: string
  /** By lower-case name; complete but for `host`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
  /** For https alone. */
  readonly tls?: TlsTrust
  /** Ends the whole exchange, the reading of the answer included. */
  readonly signal: AbortSignal
}

/** What came back: a `Response` is one. The body is decoded (`Content-Encoding`) and not yet read. */
export interface TransportResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | null
}

/** Goes only to hosts that the policy admits, and dials no address that it does not. */
export interface Transport {
  /**
   * Sends one request. Never follows a redirect.
   * @throws Fault invalid_request where the policy refuses the host, or the runtime cannot trust as `tls` says
   * @throws TransportFailure for everything that the network did
   */
  send(request: TransportRequest): Promise<TransportResponse>
  /**
   * Opens a TLS connection, trusting nobody and sending nothing on it, for the DER of the certificate that is shown.
   * Null on a runtime that has no connections of its own; it can trust nobody but the public authorities either.
   * @throws Fault invalid_request where the policy refuses the host
   * @throws TransportFailure
   */
  readonly readLeaf: ((url: URL, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>) | null
}

/**
 * `refused`: the host resolved to an address that the policy refuses. `unreachable`: no connection came about.
 * `untrusted`: its certificate is not to be believed. `interrupted`: the connection ended before the answer did.
 * `malformed`: what came back is not HTTP.
 */
export type FailureKind = 'refused' | 'unreachable' | 'untrusted' | 'interrupted' | 'malformed'

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
