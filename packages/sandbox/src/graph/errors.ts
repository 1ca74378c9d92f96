interface ErrorKind {
  readonly status: number
  readonly message: string
}

/** The codes of Meta's error page that concern keys and numbers, with the HTTP status it gives them. */
const KINDS: ReadonlyMap<number, ErrorKind> = new Map([
  [0, { status: 401, message: 'AuthException' }],
  [1, { status: 400, message: 'An unknown error occurred' }],
  [2, { status: 503, message: 'Service temporarily unavailable' }],
  [3, { status: 500, message: 'Unknown method' }],
  [4, { status: 400, message: 'Application request limit reached' }],
  [10, { status: 403, message: 'Application does not have permission for this action' }],
  [33, { status: 400, message: 'This phone number has been deleted' }],
  [100, { status: 400, message: 'Invalid parameter' }],
  [104, { status: 400, message: 'An access token is required to request this resource.' }],
  [190, { status: 401, message: 'Invalid OAuth access token' }],
  [200, { status: 403, message: 'Permissions error' }],
  [368, { status: 403, message: 'Temporarily blocked for policies violations' }],
  [2500, { status: 400, message: 'Unknown path components' }],
  [80007, { status: 400, message: 'Rate limit hit for this WhatsApp Business Account' }],
  [130429, { status: 400, message: 'Rate limit hit' }],
  [131000, { status: 500, message: 'Something went wrong' }],
  [131005, { status: 403, message: 'Access denied' }],
  [131008, { status: 400, message: 'Required parameter is missing' }],
  [131009, { status: 400, message: 'Parameter value is not valid' }],
  [131016, { status: 500, message: 'Service unavailable' }],
  [131031, { status: 403, message: 'Account has been locked' }],
  [131057, { status: 500, message: 'Account in maintenance mode' }],
  [133004, { status: 503, message: 'Server temporarily unavailable' }],
  [133005, { status: 400, message: 'Two-step verification PIN mismatch' }],
  [133010, { status: 400, message: 'Phone number not registered' }],
  [133016, { status: 400, message: 'Account register deregister rate limit exceeded' }],
])

/** Codes with which Meta asks the caller to come again. */
const TRANSIENT = new Set([1, 2, 131000, 131016, 131057, 133004])

/** Codes that generic Graph nodes give; the Cloud API proper dropped subcodes with v16.0. */
export interface GraphErrorOptions {
  readonly message?: string
  readonly details?: string
  readonly subcode?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Ends the handling of a request with one of Meta's errors. */
export class GraphError extends Error {
  readonly code: number
  readonly options: GraphErrorOptions

  constructor(code: number, options: GraphErrorOptions = {}) {
    super(`Graph error ${code}`)
    this.name = 'GraphError'
    this.code = code
    this.options = options
  }
}

export function isGraphCode(code: number): boolean {
  return KINDS.has(code)
}

/** Meta's error object; its three required fields are `message`, `type` and `code`. */
export function graphErrorResponse(error: GraphError, traceId: string): Response {
  const { code, options } = error
  const kind = KINDS.get(code) ?? { status: 500, message: 'An unknown error occurred' }
  const body = {
    error: {
      message: options.message ?? `(#${code}) ${kind.message}`,
      type: options.type ?? 'OAuthException',
      code,
      ...(options.details === undefined
        ? {}
        : { error_data: { messaging_product: 'whatsapp', details: options.details } }),
      ...(options.subcode === undefined ? {} : { error_subcode: options.subcode }),
      ...(TRANSIENT.has(code) ? { is_transient: true } : {}),
      fbtrace_id: traceId,
    },
  }
  return Response.json(body, { status: kind.status, headers: options.headers ?? {} })
}
