import { Fault, type UpstreamAnswer } from '@latchkey/core'
import { parseAddress } from '../policy/address.ts'
import { codeOf, safeCause } from '../redact/safe-cause.ts'
import type { FailureKind, TransportFailure } from '../transport/transport.ts'
import { BodyTooLarge } from './read-body.ts'

const NO_ANSWER: UpstreamAnswer = { status: null }

/** The upstream by its name; a literal address is not shown, it tells of somebody's network. */
export function upstreamLabel(url: URL): string {
  const literal = url.hostname.startsWith('[') || parseAddress(url.hostname) !== null
  return literal ? 'upstream' : `upstream "${url.hostname}"`
}

export function timeoutFault(label: string, limitMs: number, sent: boolean): Fault {
  return new Fault('upstream_timeout', `Cannot call ${label}: no answer within ${limitMs} ms`, {
    upstream: NO_ANSWER,
    effect: sent ? 'unknown' : 'no',
  })
}

const CODES: Readonly<Record<FailureKind, 'upstream_unavailable' | 'upstream_malformed'>> = {
  refused: 'upstream_unavailable',
  unreachable: 'upstream_unavailable',
  untrusted: 'upstream_unavailable',
  interrupted: 'upstream_unavailable',
  malformed: 'upstream_malformed',
}

export function failureFault(label: string, failure: TransportFailure): Fault {
  return new Fault(CODES[failure.kind], `Cannot call ${label}: ${failure.message}`, {
    upstream: NO_ANSWER,
    effect: failure.sent ? 'unknown' : 'no',
    retryable: failure.kind !== 'refused' && failure.kind !== 'untrusted',
    cause: failure.cause,
  })
}

/** Codes of Node's HTTP parser, of zlib and of Brotli. */
const GARBLED = /^(?:HPE_|Z_|ERR__)/

/** An answer began, and could not be read to its end. */
export function bodyFault(
  label: string,
  error: unknown,
  { answer, maxBodyBytes }: { readonly answer: UpstreamAnswer; readonly maxBodyBytes: number },
): Fault {
  if (error instanceof BodyTooLarge) {
    return new Fault(
      'upstream_malformed',
      `Cannot read answer of ${label}: it is larger than ${maxBodyBytes} bytes`,
      { upstream: answer, effect: 'unknown', retryable: false },
    )
  }
  const garbled = GARBLED.test(codeOf(error) ?? '')
  return new Fault(
    garbled ? 'upstream_malformed' : 'upstream_unavailable',
    garbled
      ? `Cannot read answer of ${label}: its encoding is broken`
      : `Cannot read answer of ${label}: the connection closed before it was complete`,
    { upstream: answer, effect: 'unknown', cause: safeCause(error) },
  )
}

/** Where it points to is not told: an upstream that we do not trust chose it. */
export function redirectFault(label: string, answer: UpstreamAnswer): Fault {
  return new Fault(
    'upstream_malformed',
    `Cannot use answer of ${label}: it is a redirect, and redirects are refused`,
    { upstream: answer, effect: 'unknown', retryable: false },
  )
}

/** The provider's code failed on an answer that it did not expect. */
export function unreadableFault(label: string, error: unknown, answer: UpstreamAnswer): Fault {
  return new Fault('upstream_malformed', `Cannot use answer of ${label}: it is not understood`, {
    upstream: answer,
    effect: 'unknown',
    cause: safeCause(error),
  })
}
