/** No id of ours is near this long; what is, nobody meant to be seen. */
const SEGMENT_MAX = 64

/**
 * A URL's path as it may be logged and told: still percent-encoded, so that it stays on one line, and without
 * segments of a length that only something pasted by mistake has.
 */
export function shownPath(url: string): string {
  return new URL(url).pathname
    .split('/')
    .map((segment) => (segment.length > SEGMENT_MAX ? '...' : segment))
    .join('/')
}
