import type { Instant } from '@latchkey/core'

/** The day after which each version is gone; the latest has no end yet. From Meta's changelog. */
const VERSIONS: readonly (readonly [version: string, end: string | null])[] = [
  ['v19.0', '2026-05-21'],
  ['v20.0', '2026-09-24'],
  ['v21.0', '2027-01-21'],
  ['v22.0', '2027-05-20'],
  ['v23.0', '2027-10-08'],
  ['v24.0', '2028-02-18'],
  ['v25.0', '2028-07-29'],
  ['v26.0', null],
]

/**
 * The version that answers a call to `requested`: a version that is gone is answered by the oldest
 * one left, as developers.facebook.com/docs/apps/versions has it. Null where there never was one.
 */
export function resolveVersion(requested: string, now: Instant): string | null {
  if (!VERSIONS.some(([version]) => version === requested)) return null
  const left = VERSIONS.filter(([, end]) => end === null || now < Date.parse(end))
  const oldest = left[0]?.[0] ?? requested
  return left.some(([version]) => version === requested) ? requested : oldest
}
