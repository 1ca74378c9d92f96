import { Fault, isFault } from '@latchkey/core'
import type { HostPolicy } from '../policy/host-policy.ts'

/** Longer ones are cut off by servers on the way. */
const LENGTH_MAX = 2048
/** Scheme, authority, path and query. */
const SHAPE = /^(https?):\/\/([^/?#\\]+)(\/[^?#\\]*)?(\?[^#\\]*)?$/i

/**
 * Reads the URL of a webhook endpoint, which unlike a base URL may have a query and escapes, and has its host checked by
 * the same policy. Whatever the WHATWG parser would have to repair is refused.
 * @throws Fault invalid_request; the URL is not repeated, it may hold a secret
 */
export function targetUrl(policy: HostPolicy, text: string): URL {
  if (text.length > LENGTH_MAX) throw refused(`it is longer than ${LENGTH_MAX} characters`)
  if (!/^[!-~]*$/.test(text)) throw refused('it has a character that is not visible ASCII')
  const [, scheme, authority, path = ''] = SHAPE.exec(text) ?? []
  if (scheme === undefined || authority === undefined) {
    throw refused('expected https://host/path, without fragment or backslash')
  }
  const origin = admittedOrigin(policy, `${scheme}://${authority}`)
  const url = new URL(text)
  const below = text.slice(scheme.length + '://'.length + authority.length)
  // What the parser changed, it understood otherwise than a person would.
  const faithful =
    url.origin === origin && url.pathname + url.search === (path === '' ? `/${below}` : below)
  if (!faithful) throw refused('its path or query is not in the canonical form')
  return url
}

function admittedOrigin(policy: HostPolicy, baseUrl: string): string {
  try {
    return policy.admit({ baseUrl, hosts: { rule: 'operator' } }).origin
  } catch (error) {
    if (!isFault(error)) throw error
    throw refused(error.message.slice(error.message.indexOf(': ') + 2))
  }
}

function refused(why: string): Fault {
  return new Fault('invalid_request', `Cannot use webhook URL: ${why}`)
}
