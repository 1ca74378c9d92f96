import type { Quirk } from '@latchkey/core'

export const GRAPH_QUIRKS: readonly Quirk[] = [
  {
    name: 'read-envelope',
    conflict:
      'The Cloud API reference prints the key as a flat object; the newer reference and Meta’s own Postman collections wrap it in a list',
    choice: 'Both are read; a list with more than one key is refused as not understood',
    source: 'Business Encryption API reference (v23.0); Postman collection "WhatsApp Flows API"',
  },
  {
    name: 'unset-key',
    conflict:
      'No page shows what a number without a key answers; MISMATCH has been reported for it',
    choice:
      'An empty list, and a missing or blank key with no status or with MISMATCH, are unset; VALID without a key is valid, with the key unknown',
    source: 'Business Encryption API reference (v23.0): examples with a blank and a missing key',
  },
  {
    name: 'publish-encoding',
    conflict:
      'The older reference sends a form, the newer one and the Postman collections multipart',
    choice: 'A form, as the page on setting the key shows',
    source: 'WhatsApp Business Encryption (Cloud API reference)',
  },
  {
    name: 'publish-success',
    conflict:
      'Success is a boolean in the reference and the text "true" elsewhere in Meta’s samples',
    choice: 'Both are success; false is a refusal whose effect has to be read',
    source: 'Postman collection "WhatsApp Cloud API"',
  },
  {
    name: 'throttling-status',
    conflict: 'Throttling is HTTP 400 in the error table, 429 in the newer reference',
    choice: 'The error’s code decides; the status only where the code is not known',
    source: 'Cloud API error codes; Business Encryption API reference (v23.0)',
  },
  {
    name: 'paging-end',
    conflict: 'The reference shows paging, Meta’s sample of the same call has none',
    choice: 'No paging.next ends the list; cursors.after is used, the URL in paging.next never is',
    source: 'Phone number management API reference; Postman collection "WhatsApp Cloud API"',
  },
  {
    name: 'check-call',
    conflict: 'No page names a call that only checks a token without showing it in a URL',
    choice:
      'The id of the WhatsApp Business account where one is configured, else of the token’s user',
    source: 'Graph API overview',
  },
  {
    name: 'dialect-unset-key',
    conflict:
      'No page shows what a number without a key answers; MISMATCH has been reported for it',
    choice:
      'Served as MISMATCH without a key: a program that looks at either sets its key again. A status that nobody can say is left out, as there are two words alone',
    source: 'Business Encryption API reference (v23.0)',
  },
  {
    name: 'dialect-upstream-credentials',
    conflict: 'Graph has no words for credentials that somebody else gave it',
    choice:
      'Served as 131000 with the reason in its details: 10 or 190 would have a program replace a token that is good',
    source: 'Cloud API error codes',
  },
  {
    name: 'dialect-parameters',
    conflict: 'No page says what becomes of a parameter that is there twice, or sent as a file',
    choice:
      'Parameters count from the query and the body; two different values are refused, a file counts as its text',
    source: 'Graph API overview',
  },
  {
    name: 'dialect-trace-id',
    conflict: 'fbtrace_id is of Meta’s own systems',
    choice:
      'Graph’s own where it refused; else the moment in base 36, as typed callers need the field',
    source: 'Handle errors (Graph API)',
  },
  {
    name: 'webhook-error-names',
    conflict:
      'The example of a flows alert has PUBLIC_KEY_MISSING, its tables public-key-missing and public-key-signiture-verification; clients report names with more around them',
    choice: 'Compared by their letters alone, with either spelling, wherever they stand in a name',
    source: 'Webhooks for Flows',
  },
  {
    name: 'webhook-accounts',
    conflict: 'An alert names the flow and the account, and none of its numbers',
    choice: 'Every number of the connection is read',
    source: 'Webhooks for Flows',
  },
  {
    name: 'webhook-retries',
    conflict: 'One page has webhooks sent again for 36 hours, another for 7 days',
    choice: 'A change is remembered for 7 days; one that was sent longer ago is passed over',
    source: 'Webhooks overview; Webhooks: Getting started',
  },
]
