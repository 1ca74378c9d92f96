const REDACTED = '[redacted]'

/**
 * Headers whose values are known to be harmless. Everything else is taken for a secret: a deny-list would miss the
 * next vendor's spelling of `api-key`.
 */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'facebook-api-version',
  'host',
  'retry-after',
  'server',
  'transfer-encoding',
  'user-agent',
  'vary',
  'x-ad-account-usage',
  'x-app-usage',
  'x-business-use-case-usage',
  'x-fb-request-id',
  'x-fb-rev',
  'x-fb-trace-id',
  'x-request-id',
])
/** Up to the next space: punctuation that closes a sentence is lost rather than the end of a URL shown. */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]*:\/\/\S+/gi
const REDACTED_PARAMETER = 'redacted'

/** Whether the values of a header, by its lower-case name, hold no secret. */
export function isHarmless(name: string): boolean {
  return HARMLESS_HEADERS.has(name)
}

/** A URL that may be logged: without user information and fragment, its query's names kept and values hidden. */
export function redactUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url
  if (parsed === null) return REDACTED
  const names = [...new Set(parsed.searchParams.keys())]
  const query = names.map((name) => `${encodeURIComponent(name)}=${REDACTED_PARAMETER}`).join('&')
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}${query === '' ? '' : `?${query}`}`
}

/** Headers that may be logged: by lower-case name, the values of all but known harmless ones hidden. */
export function redactHeaders(
  headers: Headers | Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const lower = name.toLowerCase()
      return [lower, isHarmless(lower) ? value : REDACTED]
    }),
  )
}

/** A text of somebody else's, every URL in it redacted: runtimes put the whole URL into their error messages. */
export function redactText(text: string): string {
  return text.replaceAll(URL_IN_TEXT, (url) => redactUrl(url))
}
