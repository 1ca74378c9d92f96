const MESSAGE_MAX = 300
const IDENTIFIER_MAX = 128
const MASK = '***'
/** Looked at in all: the patterns below are not meant for megabytes. */
const RAW_MAX = 2_000

/** Shorter ones would mask words; the schemas of credentials ask for more where it matters. */
const SECRET_MIN = 4
/** Tokens, keys and their parts: long runs without a gap that hold a digit. No word of a vendor's text does. */
const OPAQUE_RUN = /(?=[A-Za-z_-]*\d)[\w-]{24,}/g
/** Long secrets, as the lines of a key, come back cut or wrapped anew: a run that shares this much with one is masked. */
const LONG_SECRET_MIN = 32
const SHARED_MIN = 8
const RUN = /[\w+/-]{8,}={0,2}/g
const PEM_BLOCK = /-----BEGIN[^]*?(?:-----END[^-]*-----|$)/g

/** A vendor's message as it may be shown: one line of at most 300 characters, tokens masked. Null where there is none. */
export function boundedText(
  text: string | null | undefined,
  secrets: readonly string[],
): string | null {
  const line = masked(text ?? '', secrets)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  if (line === '') return null
  return line.length <= MESSAGE_MAX ? line : `${line.slice(0, MESSAGE_MAX - 1).toWellFormed()}…`
}

/** A vendor's code or request id as it spells it; null where it is more than that. */
export function identifier(
  value: string | number | null | undefined,
  secrets: readonly string[],
): string | null {
  const text = String(value ?? '')
  if (!/^[\w.:+/=-]+$/.test(text) || text.length > IDENTIFIER_MAX) return null
  const isSecret =
    secrets.some((secret) => text.includes(secret)) || sharesWithAny(text, longOf(secrets))
  return isSecret ? null : text
}

/** The texts among these as one, none of them twice: vendors say much in two fields at once. */
export function joinTexts(parts: readonly unknown[]): string {
  const texts = parts.filter((part) => typeof part === 'string').map((part) => part.trim())
  return [...new Set(texts)].filter((part) => part !== '').join(': ')
}

function masked(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret.length >= SECRET_MIN)
    .reduce((left, secret) => left.replaceAll(secret, MASK), text)
  // A token that the cut goes through would no longer look like one.
  const start = known.length <= RAW_MAX ? known : known.slice(0, RAW_MAX).replace(/\S*$/, '')
  const long = longOf(secrets)
  return start
    .replaceAll(PEM_BLOCK, MASK)
    .replaceAll(RUN, (run) => (sharesWithAny(run, long) ? MASK : run))
    .replaceAll(OPAQUE_RUN, MASK)
    .toWellFormed()
}

function longOf(secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => secret.length >= LONG_SECRET_MIN)
}

function sharesWithAny(run: string, secrets: readonly string[]): boolean {
  for (let at = 0; at + SHARED_MIN <= run.length; at += 1) {
    const part = run.slice(at, at + SHARED_MIN)
    if (secrets.some((secret) => secret.includes(part))) return true
  }
  return false
}
