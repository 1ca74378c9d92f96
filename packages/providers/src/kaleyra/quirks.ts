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
  {
    name: 'dialect-read',
    conflict:
      'No page shows how a key is told, and reading is labelled a POST to the URL that sets it',
    choice:
      'Served by GET, in the envelope, with Meta’s two fields; a POST without the key is WA-400',
    source: 'Get Encryption Public Key (WhatsApp Flow API v2)',
  },
  {
    name: 'dialect-sid',
    conflict: 'The API key belongs to a SID, and the two are checked together',
    choice: 'Any SID is taken in the path served: the connection and its own SID stand before it',
    source: SET_PAGE,
  },
  {
    name: 'dialect-rate-limit',
    conflict: 'The one code of Kaleyra’s own is of a daily limit, not to be tried again',
    choice: 'Served as Meta’s 80007, which is, with HTTP 429 and Retry-After',
    source: 'Error codes for sending messages; Cloud API error codes; WhatsApp Error Codes',
  },
  {
    name: 'dialect-refusals',
    conflict:
      'The page prints five answers, with fixed texts, and none for a path or a method that is not there',
    choice:
      'Code, message and shape are the page’s, the reason stands in error; WA-401 is also served where the connection’s own credentials are refused, WA-400 with 404 and 405',
    source: SET_PAGE,
  },
]
