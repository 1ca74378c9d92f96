import type { Instant, Snapshot } from '@latchkey/core'

/** An aggregate as it was a moment ago, as a projection keeps it. */
export interface ProjectedEntry {
  readonly version: number
  /** It is not older than this; taken before it was asked for. */
  readonly asOf: Instant
  readonly state: unknown
}

/** An entry as whoever stored the aggregate knows it. */
export function snapshotOf<S>({ state, version }: ProjectedEntry): Snapshot<S> {
  // The port's caller names the type that it keeps under a kind; storage cannot know it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { state: state as S, version }
}

/** Null for what another program has put there. @throws SyntaxError for what is not JSON */
export function parseEntry(text: string): ProjectedEntry | null {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  if (!('version' in value) || !('asOf' in value) || !('state' in value)) return null
  const { version, asOf, state } = value
  return typeof version === 'number' && typeof asOf === 'number' ? { version, asOf, state } : null
}
