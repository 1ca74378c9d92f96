import type { Quirk } from '@latchkey/core'

const EXTERNAL = '/v1/certificates/external (On-Premises API reference)'
const WEBHOOKS = '/v1/certificates/webhooks (On-Premises API reference)'
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
  {
    name: 'certificate-missing',
    conflict:
      'The pages answer 404 with no body where no certificate is set, a client was recorded with 404 and error 1006',
    choice:
      'Both say that there is none, as do null, {}, meta alone and an empty body in a success; an error in a success is not understood',
    source: `${EXTERNAL}; ${WEBHOOKS}; recorded answers of a client, v2.33.4`,
  },
  {
    name: 'certificate-done',
    conflict: 'An upload answers null, while writes of the webhook CA answer null or {}',
    choice: 'Each counts for every write, as do meta alone and an empty body',
    source: `${EXTERNAL}; ${WEBHOOKS}`,
  },
  {
    name: 'certificate-refused',
    conflict: 'No page says which code an upload that is refused answers',
    choice:
      'By its code: 1009 is a refusal, while after 1014 nobody knows whether the certificate was stored',
    source: `${EXTERNAL}; error and status messages`,
  },
  {
    name: 'server-key-format',
    conflict:
      'No page says whether the private key may be PKCS#1, SEC 1 or PKCS#8, nor of which kind or size',
    choice: 'Always PKCS#8 (BEGIN PRIVATE KEY) without a passphrase',
    source: EXTERNAL,
  },
  {
    name: 'server-root',
    conflict: 'At least one intermediate is asked for; whether the root may follow is not said',
    choice: 'Left out: who trusts it has it already, and it does not count as an intermediate',
    source: EXTERNAL,
  },
  {
    name: 'server-delete',
    conflict:
      'The page begins with deleting certificates, and ends with saying that it is not supported',
    choice: 'Not offered: an upload overwrites what is there',
    source: EXTERNAL,
  },
  {
    name: 'server-list',
    conflict: 'The CA certificate can be read, the certificate that is served cannot',
    choice: 'What was last uploaded is told, and verify-served looks at what the host serves',
    source: EXTERNAL,
  },
]
