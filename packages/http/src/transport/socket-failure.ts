import { codeOf, safeCause } from '../redact/safe-cause.ts'
import { TransportFailure } from './transport.ts'

const CONNECT_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'the connection timed out',
}

/** The codes of OpenSSL's verification (X509_V_ERR_*, as Node names them) and of Node's own TLS checks. */
const TLS_CODE = /CERT|SIGNATURE|CRL|CHAIN|^ERR_TLS|^ERR_SSL|UNABLE_TO|ISSUER/

/** What an error of `node:http` means; `sent` is whether the request may have left. */
export function socketFailure(error: unknown, sent: boolean): TransportFailure {
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
  const reason = TLS_CODE.test(code)
    ? 'its certificate is not trusted or TLS failed'
    : (CONNECT_REASONS[code] ?? 'the connection failed')
  return new TransportFailure('unreachable', reason, { sent, cause })
}

/** Whether a code comes from Node's HTTP parser. */
export function isParserCode(code: string): boolean {
  return code.startsWith('HPE_')
}
