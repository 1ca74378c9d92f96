/** Titles of the documented codes, with the HTTP status that goes with each. */
const KINDS: ReadonlyMap<number, { readonly title: string; readonly status: number }> = new Map([
  [1000, { title: 'Generic error', status: 500 }],
  [1005, { title: 'Access denied', status: 403 }],
  [1006, { title: 'Resource not found', status: 404 }],
  [1008, { title: 'Required parameter missing', status: 400 }],
  [1009, { title: 'Parameter value not valid', status: 400 }],
  [1010, { title: 'Parameter not required', status: 400 }],
  [1011, { title: 'Service not ready', status: 500 }],
  [1014, { title: 'Internal error', status: 500 }],
  [1015, { title: 'Too many requests', status: 429 }],
  [1016, { title: 'System overloaded', status: 503 }],
  [1023, { title: 'Database error', status: 500 }],
  [1024, { title: 'Password change required', status: 401 }],
  [1025, { title: 'Request not valid', status: 400 }],
])

export interface OnPremMeta {
  readonly api_status: 'stable'
  readonly version: string
}

/** Ends the handling of a request with one of the client's errors. */
export class OnPremError extends Error {
  readonly code: number
  readonly details: string | undefined
  readonly status: number | undefined

  constructor(code: number, details?: string, status?: number) {
    super(`On-Premises error ${code}`)
    this.name = 'OnPremError'
    this.code = code
    this.details = details
    this.status = status
  }
}

/** Bad credentials and bad tokens: HTTP 401, though the code's own status is 403. */
export function unauthenticated(details: string): OnPremError {
  return new OnPremError(1005, details, 401)
}

export function isOnPremCode(code: number): boolean {
  return KINDS.has(code)
}

export function onPremErrorResponse(error: OnPremError, meta: OnPremMeta): Response {
  const kind = KINDS.get(error.code) ?? { title: 'Generic error', status: 500 }
  const details = error.details === undefined ? {} : { details: error.details }
  const body = { meta, errors: [{ code: error.code, title: kind.title, ...details }] }
  return Response.json(body, { status: error.status ?? kind.status })
}
