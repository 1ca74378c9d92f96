/** One row of the problem table: the HTTP status and title of a code, and whether a repeat can help. */
export interface FaultDescription {
  readonly status: number
  readonly title: string
  readonly retryable: boolean
}

/** Every code that Latchkey can answer with. `retryable` is the default; a fault may know better. */
export const FAULTS = {
  invalid_request: { status: 400, title: 'Invalid request', retryable: false },
  unauthenticated: { status: 401, title: 'Not authenticated', retryable: false },
  forbidden: { status: 403, title: 'Forbidden', retryable: false },
  not_found: { status: 404, title: 'Not found', retryable: false },
  method_not_allowed: { status: 405, title: 'Method not allowed', retryable: false },
  conflict: { status: 409, title: 'Conflict', retryable: false },
  quota_exceeded: { status: 409, title: 'Quota exceeded', retryable: false },
  precondition_failed: { status: 412, title: 'Precondition failed', retryable: false },
  payload_too_large: { status: 413, title: 'Payload too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', retryable: false },
  key_invalid: { status: 422, title: 'Key invalid', retryable: false },
  key_is_private: { status: 422, title: 'Key is private', retryable: false },
  certificate_invalid: { status: 422, title: 'Certificate invalid', retryable: false },
  idempotency_mismatch: { status: 422, title: 'Idempotency key reused', retryable: false },
  unsupported_operation: { status: 422, title: 'Operation not supported', retryable: false },
  rate_limited: { status: 429, title: 'Rate limited', retryable: true },
  internal: { status: 500, title: 'Internal error', retryable: true },
  upstream_rejected: { status: 502, title: 'Upstream rejected the request', retryable: false },
  upstream_unauthorized: {
    status: 502,
    title: 'Upstream refused the credentials',
    retryable: false,
  },
  upstream_malformed: { status: 502, title: 'Upstream answer not understood', retryable: true },
  upstream_unavailable: { status: 503, title: 'Upstream unavailable', retryable: true },
  upstream_rate_limited: { status: 503, title: 'Upstream rate limit', retryable: true },
  upstream_timeout: { status: 504, title: 'Upstream timed out', retryable: true },
} as const satisfies Record<string, FaultDescription>

export type FaultCode = keyof typeof FAULTS
