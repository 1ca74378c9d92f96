import type { Fault, UpstreamResponse } from '@latchkey/core'
import { type Call, toFault, type Verdict } from './verdict.ts'

/** Statuses that mean the same from every server and proxy (RFC 9110 §15.5, RFC 6585 §4). */
const BY_STATUS: ReadonlyMap<number, Verdict> = new Map([
  [401, { code: 'upstream_unauthorized', reason: 'the upstream does not accept the credentials' }],
  [403, { code: 'upstream_unauthorized', reason: 'the upstream refuses access' }],
  [404, { code: 'upstream_rejected', reason: 'the upstream knows no such resource' }],
  [408, { code: 'upstream_timeout', reason: 'the upstream gave up waiting', effect: 'unknown' }],
  [429, { code: 'upstream_rate_limited', reason: 'the upstream asks to slow down' }],
])

/** What the status alone says, for an answer in the vendor's own envelope whose code nobody knows. */
export function verdictOfStatus(status: number): Verdict {
  const known = BY_STATUS.get(status)
  if (known !== undefined) return known
  if (status >= 500) {
    const reason = `the upstream failed with HTTP ${status}`
    return { code: 'upstream_unavailable', reason, effect: 'unknown' }
  }
  if (status >= 400) {
    return { code: 'upstream_rejected', reason: `the upstream refused it with HTTP ${status}` }
  }
  return {
    code: 'upstream_rejected',
    reason: `the upstream answered HTTP ${status} with an error`,
    effect: 'unknown',
  }
}

/**
 * The fault for an answer that is not in the vendor's envelope at all: a proxy's page, an empty body, another
 * service. Its status still counts where every server means the same by it.
 */
export function unexpectedAnswer(call: Call, response: UpstreamResponse): Fault {
  const { status } = response
  if (status >= 500 || BY_STATUS.has(status)) {
    return toFault(call, response, verdictOfStatus(status))
  }
  return toFault(call, response, {
    code: 'upstream_malformed',
    reason: `the upstream’s answer (HTTP ${status}) ${shapeOf(response.body)}`,
    effect: status < 400 ? 'unknown' : 'no',
  })
}

function shapeOf(body: string): string {
  const start = body.trimStart()
  if (start === '') return 'is empty'
  if (start.startsWith('<')) return 'is a page for people, not an API answer; check the base URL'
  return 'has none of the documented forms'
}
