/** Longer than every id and name of ours, and shorter than a token of ours: what is longer, nobody meant to be seen. */
const SEGMENT_MAX = 40
/** What nearly every URL is: one whose path is shown as it is, as no parser would change it. */
const PLAIN = /^https?:\/\/[\w.-]+(?::\d{1,5})?((?:\/[\w-]{1,40})+)(?:\?|$)/

/**
 * A URL's path as it may be logged and told: still percent-encoded, so that it stays on one line, and without
 * segments of a length that only something pasted by mistake has. `/` where the URL is none.
 */
export function shownPath(url: string): string {
  const plain = PLAIN.exec(url)?.[1]
  if (plain !== undefined) return plain
  const segments = (URL.parse(url)?.pathname ?? '/').split('/')
  const shown = segments.map((segment) => (segment.length > SEGMENT_MAX ? '...' : segment))
  // As a reference, a path that begins with two slashes would name another host (RFC 3986 §4.2).
  return shown.join('/').replace(/^\/+/, '/')
}
