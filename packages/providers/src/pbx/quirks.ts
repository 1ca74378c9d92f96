import type { Quirk } from '@latchkey/core'

const ADD = 'Add a certificate (P-Series developer guide)'
const CODES = 'Error code and error message (P-Series developer guide)'
const DNS = 'Supported DNS providers (P-Series administrator guide)'

export const PBX_QUIRKS: readonly Quirk[] = [
  {
    name: 'success-codes',
    conflict:
      'Pages say that any errcode but 0 is a failure; the table has PARTIAL SUCCESS and PROCESSING',
    choice: 'Codes 1 and 2 are no failures; what came of the call is read afterwards',
    source: CODES,
  },
  {
    name: 'user-agent',
    conflict: 'No page asks for one; requests without are known to be refused as PARAMETER ERROR',
    choice: 'User-Agent: OpenAPI on every request',
    source: 'Reports of API users',
  },
  {
    name: 'server-file',
    conflict: 'No page says what the file of a server certificate holds, or in which order',
    choice:
      'PEM of the private key, the leaf and its issuers; the key last where serverFileOrder says key-last',
    source: ADD,
  },
  {
    name: 'file-name',
    conflict: 'A certificate is known by the name of its file, which the PBX may change on upload',
    choice: 'The name that the upload answers is used from then on',
    source: ADD,
  },
  {
    name: 'expiration-format',
    conflict:
      'The end of a certificate is a string of which no page tells the format or the time zone',
    choice:
      'Dates with dashes or slashes, RFC 3339, OpenSSL’s and seconds since 1970 are read, without a zone as UTC; any other is shown as unknown',
    source: 'List certificates (P-Series developer guide)',
  },
  {
    name: 'apply-tip-code',
    conflict:
      'Why an application failed is a code that comes from the DNS provider and is listed nowhere',
    choice: 'It is told as it is',
    source: 'List certificates (P-Series developer guide)',
  },
  {
    name: 'dns-value-types',
    conflict: 'Types of values are said to stand in the table of DNS providers, which has none',
    choice: 'Text goes as sv, whole numbers as iv, true and false as bv, as in the printed example',
    source: `${ADD}; ${DNS}`,
  },
  {
    name: 'dns-providers',
    conflict: 'Only the first rows of the table are public',
    choice: 'Their parameters are checked; another provider’s are passed on with a warning',
    source: DNS,
  },
  {
    name: 'refresh-token',
    conflict: 'No page says whether a refresh token is good once or until it expires',
    choice: 'The newest is used, once; where it is refused, the credentials are',
    source: 'Refresh access token (P-Series developer guide)',
  },
  {
    name: 'refused-login',
    conflict: 'No page says how a blocked address is told of, or when failed logins are forgotten',
    choice:
      'After -1 or 70004 nothing logs in again for 15 minutes, unless the credentials are changed',
    source: CODES,
  },
  {
    name: 'delete-is-get',
    conflict: 'Deleting is a GET, which clients and proxies take for safe to repeat',
    choice: 'It is sent once; where its answer is lost, the list is read',
    source: 'Delete a certificate (P-Series developer guide)',
  },
  {
    name: 'unknown-code',
    conflict: 'The table of codes goes on behind the last public row, 70120',
    choice:
      'A code that is not known is a refusal, after a write one of which nobody knows what it changed',
    source: CODES,
  },
  {
    name: 'too-many-tokens',
    conflict:
      'At most 8 tokens live at a time; a user saw a new one end the others, another one 60002',
    choice:
      'One token for a connection, renewed and given back; 60002 to a login asks to come again in 5 minutes',
    source: 'Get access token (P-Series developer guide); reports of API users',
  },
  {
    name: 'list-pages',
    conflict: 'The largest page_size is not said',
    choice: '50 are asked for, and the list goes on until as many were seen as total_number says',
    source: 'List certificates (P-Series developer guide)',
  },
  {
    name: 'dns-credentials-shown',
    conflict: 'Lists hold the DNS credentials of each certificate in the clear',
    choice: 'auth_info_list is never read; what DNS provider it is for is told alone',
    source: 'List certificates (P-Series developer guide)',
  },
  {
    name: 'minimum-firmware',
    conflict: 'The API has a least firmware for each model; its certificate calls have none named',
    choice: 'No version is asked for; firmware without a call answers 10001, which says so',
    source: 'P-Series developer guides',
  },
  {
    name: 'cloud-edition',
    conflict: 'The certificate pages are those of the appliance and software editions',
    choice: 'The same calls are sent to a PBX of the Cloud Edition, which may answer 10001',
    source: 'P-Series developer guides',
  },
  {
    name: 'webhook-certificates',
    conflict: 'No event is of certificates alone, and no page lists what system events are called',
    choice: 'A system event or alert that says the word has the certificates read',
    source: 'Webhook Event Push (P-Series developer guide)',
  },
]
