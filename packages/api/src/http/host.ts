import { Fault } from '@latchkey/core'

/** `uri-host [ ":" port ]` (RFC 9110 §7.2) of names and addresses that there are. */
const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/**
 * Refuses a Host header that is more than a host. Servers make a request's URL by joining it and the target: a slash,
 * a question mark or a number sign in it would move the request to another path than the one that a proxy before us
 * has seen and let through.
 * @throws Fault invalid_request
 */
export function requireHost(headers: Headers): void {
  const host = headers.get('host') ?? ''
  // HTTP/1.0 and targets without an authority have none.
  if (host === '' || HOST.test(host)) return
  throw new Fault('invalid_request', 'Cannot take request: its Host header is not a host')
}
