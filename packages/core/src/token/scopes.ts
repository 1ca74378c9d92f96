/** What a token may do; `admin` is all of them, and tokens. */
export const SCOPES = [
  'connections:read',
  'connections:write',
  'numbers:read',
  'numbers:write',
  'keys:read',
  'keys:write',
  'certificates:read',
  'certificates:write',
  'rotations:read',
  'rotations:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'admin',
] as const

export type Scope = (typeof SCOPES)[number]

const known: ReadonlySet<string> = new Set(SCOPES)

export function isScope(text: string): text is Scope {
  return known.has(text)
}

/** Whether a holder of `held` may do what `wanted` allows. */
export function grants(held: readonly Scope[], wanted: Scope): boolean {
  return held.includes(wanted) || held.includes('admin')
}
