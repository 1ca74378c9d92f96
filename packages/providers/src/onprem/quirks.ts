import type { Quirk } from '@latchkey/core'

const PAGE = 'WhatsApp Business Encryption (On-Premises API reference)'

export const ONPREM_QUIRKS: readonly Quirk[] = [
  {
    name: 'publish-encoding',
    conflict: 'The example is a JSON object, while the text says x-www-form-urlencoded',
    choice: 'A form, unless the connection’s publishEncoding says json',
    source: PAGE,
  },
  {
    name: 'read-envelope',
    conflict:
      'The printed answer is flat, without meta and not valid JSON; every other answer of this API has meta, and other settings are wrapped',
    choice: 'Flat, with meta, or inside settings: all are read',
    source: `${PAGE}; business profile settings of the same API`,
  },
  {
    name: 'unset-key',
    conflict: 'No page shows what a number without a key answers',
    choice:
      'null, an empty object, a missing or blank key with no status or with MISMATCH, and error 1006 are unset; a 404 without that code is a refusal',
    source: `${PAGE}; webhook CA certificates, where 1006 says that none is set`,
  },
  {
    name: 'publish-success',
    conflict: 'Success is meta alone here, and null or an empty object on other calls of this API',
    choice: 'All three are success; an empty body is not understood, and is read again',
    source: `${PAGE}; webhook CA certificates`,
  },
  {
    name: 'session-expiry',
    conflict:
      'A token lives for 7 days by default, and expires_after is not in the form of RFC 3339',
    choice:
      'Its form with a space and RFC 3339 are read; what is unreadable or past counts as not told, and the next 401 renews',
    source: 'Login and authentication (On-Premises API); recorded login answers',
  },
  {
    name: 'check-call',
    conflict: 'No page names a call that only checks credentials',
    choice: 'GET /v1/health, which needs a session and changes nothing',
    source: 'Health (On-Premises API)',
  },
]
