import type { Quirk } from '@latchkey/core'

const SET_PAGE = 'Set Encryption Public Key (WhatsApp Flow API v2)'

export const KALEYRA_QUIRKS: readonly Quirk[] = [
  {
    name: 'pod-hosts',
    conflict:
      'SG is api.kaleyra.io or api.ap.kaleyra.io and NA api.na.kaleyra.ai or api.na.kaleyra.io, by the page',
    choice: 'The hosts of the pages on the key for pod; any of them all as baseUrl',
    source: `${SET_PAGE}; Add Phone Number`,
  },
  {
    name: 'no-safe-read',
    conflict: 'Getting the key is labelled a POST without a body, to the URL that sets it',
    choice: 'Nothing is sent to read or to check: only publishing is offered',
    source: 'Get Encryption Public Key (WhatsApp Flow API v2)',
  },
  {
    name: 'code-spelling',
    conflict: 'Codes are written with a dash (WA-401) and without (WA401)',
    choice: 'Both are one code; faults show it as it came',
    source: `${SET_PAGE}; Error codes for sending messages`,
  },
  {
    name: 'error-shape',
    conflict: 'error is an object or text, data an object or a list',
    choice: 'The code decides; texts are taken from whichever is there',
    source: SET_PAGE,
  },
  {
    name: 'meta-codes',
    conflict: 'Meta’s codes are said to be handed on, but not where in an answer of this call',
    choice: 'A code of digits alone is taken for Meta’s',
    source: 'Cloud API error codes',
  },
]
