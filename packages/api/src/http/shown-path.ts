/** Longer than every id and name of ours, and shorter than a token of ours: what is longer, nobody meant to be seen. */
const SEGMENT_MAX = 40
/** What a webhook's secret begins with. In the base64 behind it may be slashes, so that its parts are short. */
const SECRET_START = 'whsec_'
/** What nearly every URL is: one whose path is shown as it is, as no parser would change it. */
const PLAIN = /^https?:\/\/[\w.-]+(?::\d{1,5})?((?:\/(?!whsec_)[\w-]{1,40})+)(?:\?|$)/

/**
 * A URL's path as it may be logged and told: still percent-encoded, so that it stays on one line, and up to the first
 * segment that only something pasted by mistake looks like. `/` where the URL is none.
 */
export function shownPath(url: string): string {
  const plain = PLAIN.exec(url)?.[1]
  if (plain !== undefined) return plain
  const segments = (URL.parse(url)?.pathname ?? '/').split('/')
  const pasted = segments.findIndex(isPasted)
  const shown = pasted === -1 ? segments : [...segments.slice(0, pasted), '...']
  // As a reference, a path that begins with two slashes would name another host (RFC 3986 §4.2).
  return shown.join('/').replace(/^\/+/, '/')
}

function isPasted(segment: string): boolean {
  return segment.length > SEGMENT_MAX || segment.startsWith(SECRET_START)
}
