import type { Clock, UpstreamAnswer, UpstreamResponse } from '@latchkey/core'
import { type Transport, TransportFailure, type TransportResponse } from '../transport/transport.ts'
import {
  bodyFault,
  failureFault,
  redirectFault,
  timeoutFault,
  upstreamLabel,
} from './attempt-faults.ts'
import { readBody } from './read-body.ts'
import { requestIdOf } from './request-id.ts'
import { untilStopped } from './until-stopped.ts'
import type { WireRequest } from './wire-request.ts'

export interface AttemptLimits {
  /** For the whole attempt: name, connection, TLS, request and answer. */
  readonly timeoutMs: number
  readonly maxBodyBytes: number
}

/**
 * Sends a request once and reads the answer whole.
 * @throws Fault upstream_timeout, upstream_unavailable, upstream_malformed; invalid_request by the host policy
 */
export async function attempt(
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
  request: WireRequest,
  { timeoutMs, maxBodyBytes }: AttemptLimits,
): Promise<UpstreamResponse> {
  const label = () => upstreamLabel(request.url)
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  const exchange = async (): Promise<UpstreamResponse> => {
    const response = await transport.send({ ...request, signal })
    const { status, headers } = response
    if (status >= 300 && status < 400) throw redirectFault(label(), answerOf(response))
    try {
      const body = await readBody(response.body, maxBodyBytes)
      return { status, headers, body, at: clock.now() }
    } catch (error) {
      throw bodyFault(label(), error, { answer: answerOf(response), maxBodyBytes })
    }
  }
  try {
    return await untilStopped(signal, exchange())
  } catch (error) {
    const { aborted } = signal
    // An answer that is not read to its end must not go on arriving.
    controller.abort()
    if (aborted) {
      const sent = error instanceof TransportFailure ? error.sent : true
      throw timeoutFault(label(), timeoutMs, sent)
    }
    throw error instanceof TransportFailure ? failureFault(label(), error) : error
  } finally {
    clearTimeout(timer)
  }
}

/** What of an answer a fault may tell. */
export function answerOf(response: Pick<TransportResponse, 'status' | 'headers'>): UpstreamAnswer {
  const requestId = requestIdOf(response.headers)
  return { status: response.status, ...(requestId === null ? {} : { requestId }) }
}
