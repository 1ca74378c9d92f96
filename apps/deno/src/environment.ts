/** The process's settings, by name. */
export type Environment = Readonly<Record<string, string | undefined>>

const PREFIX = 'LATCHKEY_'
/** What each is for, the README tells. */
export const SETTINGS: readonly string[] = [
  'LATCHKEY_ADMIN_TOKEN',
  'LATCHKEY_ALLOW_PRIVATE_HOSTS',
  'LATCHKEY_DATA',
  'LATCHKEY_DESTROY_AFTER_SECONDS',
  'LATCHKEY_KEYS',
  'LATCHKEY_OIDC_ISSUERS',
  'LATCHKEY_RATE_LIMIT',
  'LATCHKEY_SANDBOX',
  'LATCHKEY_SWEEP_SECONDS',
  'LATCHKEY_UPSTREAM_HOSTS',
]
/** What the examples of the documentation keep in the shell that the server may be started from. */
const OF_CALLERS: readonly string[] = ['LATCHKEY_TOKEN', 'LATCHKEY_URL']

/** Names that begin as settings do and are none: a typing error would otherwise quietly leave a default in force. */
export function unknownSettings(env: Environment): readonly string[] {
  const known = [...SETTINGS, ...OF_CALLERS]
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.includes(name))
}
