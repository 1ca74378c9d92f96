import type { TlsTrust } from '@latchkey/core'
import { codeOf, safeCause } from '../redact/safe-cause.ts'
import { certificateReason, isTlsCode } from './tls-reason.ts'
import { TransportFailure } from './transport.ts'

const CONNECT_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'the connection timed out',
}

export interface FailureContext {
  /** Whether the request may have left. */
  readonly sent: boolean
  /** What the connection was to be trusted by, where that is its own affair. */
  readonly tls?: TlsTrust | undefined
}

/** What an error of undici, `node:net` or `node:tls` means. */
export function socketFailure(error: unknown, { sent, tls }: FailureContext): TransportFailure {
  if (error instanceof TransportFailure) return error
  const cause = safeCause(error)
  const code = codeOf(error) ?? ''
  if (isParserCode(code)) {
    return new TransportFailure('malformed', 'the answer is not HTTP', { sent, cause })
  }
  if (sent) {
    const reason = 'the connection closed before the answer was complete'
    return new TransportFailure('interrupted', reason, { sent, cause })
  }
  const untrusted = certificateReason(code, tls)
  if (untrusted !== null) return new TransportFailure('untrusted', untrusted, { sent, cause })
  const reason = isTlsCode(code)
    ? 'its certificate is not understood or TLS failed'
    : (CONNECT_REASONS[code] ?? 'the connection failed')
  return new TransportFailure('unreachable', reason, { sent, cause })
}

/** Whether a code comes from the HTTP parser, which is Node's and undici's. */
export function isParserCode(code: string): boolean {
  return code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW'
}
