/** Every type of event that the log has, by what it is about. */
const EVENTS = {
  certificate: [
    'activated',
    'changed',
    'discovered',
    'expiring',
    'failed',
    'forgotten',
    'installed',
    'removed',
    'requested',
    'updated',
    'vanished',
  ],
  connection: ['created', 'deleted', 'failing', 'recovered', 'updated'],
  deployment: ['created'],
  key: [
    'created',
    'deleted',
    'destroyed',
    'let_go',
    'mismatch',
    'observed',
    'publish_failed',
    'publish_requested',
    'publish_unknown',
    'publish_unresolved',
    'published',
    'repair_exhausted',
    'repaired',
    'retired',
    'rotated',
    'superseded',
    'withdrawn',
  ],
  notice: ['received'],
  number: ['created', 'deleted', 'updated'],
  rotation: ['cancelled', 'finished', 'retried', 'started'],
  token: ['created', 'revoked'],
  trigger: ['created', 'deleted', 'finished', 'fired', 'secret_rotated'],
  webhook_endpoint: [
    'created',
    'deleted',
    'disabled',
    'enabled',
    'redelivery_requested',
    'secret_rotated',
    'updated',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

const FAMILIES = Object.entries(EVENTS)

export const EVENT_TYPES: readonly string[] = FAMILIES.flatMap(([family, names]) =>
  names.map((name) => `${family}.${name}`),
)

/** What an endpoint may ask for: types, all of a family (`key.*`), or everything (`*`). */
export const SUBSCRIPTIONS: readonly string[] = [
  ...EVENT_TYPES,
  ...FAMILIES.map(([family]) => `${family}.*`),
  '*',
]

export function isSubscribed(subscriptions: readonly string[], type: string): boolean {
  const family = `${type.slice(0, type.indexOf('.'))}.*`
  return subscriptions.some((each) => each === '*' || each === type || each === family)
}
