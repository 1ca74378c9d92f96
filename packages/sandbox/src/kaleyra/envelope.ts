import type { KaleyraKnobs } from './knobs.ts'

export interface Envelope {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly data: object
  readonly error: string | Readonly<Record<string, string>>
}

const NOT_AVAILABLE = 'API is not available for given customer.Please contact support for more info'

/** The failures that the page prints, as it prints them. */
export const FAILURES: Readonly<Record<'RBC001' | 'WA-400' | 'WA-401' | 'WA-500', Envelope>> = {
  RBC001: {
    status: 401,
    code: 'RBC001',
    message: 'Incorrect SID or API key.',
    data: [],
    error: { error: 'Incorrect SID or API key.' },
  },
  'WA-400': {
    status: 400,
    code: 'WA-400',
    message: 'Refer to correct payload format',
    data: {},
    error: { payload: 'Incorrect payload format' },
  },
  'WA-401': {
    status: 401,
    code: 'WA-401',
    message: NOT_AVAILABLE,
    data: {},
    error: NOT_AVAILABLE,
  },
  'WA-500': {
    status: 500,
    code: 'WA-500',
    message: 'Please try again later',
    data: {},
    error: { error: 'Internal server error' },
  },
}

export function succeed(data: object): Envelope {
  const message = 'Request Processed Successfully'
  return { status: 200, code: 'WA-200', message, data, error: {} }
}

/** An envelope on the wire, spelt as the knobs say. */
export function envelopeResponse(envelope: Envelope, knobs: Readonly<KaleyraKnobs>): Response {
  const { status, ...body } = envelope
  const code = knobs.codes === 'dashless' ? body.code.replace('-', '') : body.code
  return Response.json({ ...body, code, error: spellError(body.error, knobs) }, { status })
}

function spellError(error: Envelope['error'], knobs: Readonly<KaleyraKnobs>): Envelope['error'] {
  if (knobs.errors === 'object' && typeof error === 'string') return { error }
  if (knobs.errors === 'string' && typeof error !== 'string')
    return Object.values(error)[0] ?? error
  return error
}
