import { Fault } from '@latchkey/core'
import { TransportFailure } from '../transport/transport.ts'
import type { Transport } from '../transport/transport.ts'
import { failureFault, timeoutFault, upstreamLabel } from './attempt-faults.ts'
import { untilStopped } from './until-stopped.ts'

/**
 * The DER of the certificate that a host shows as its own just now, whoever issued it. Nothing is sent.
 * @throws Fault invalid_request where it is plain http, upstream_unavailable, upstream_timeout
 */
export async function servedCertificate(
  readLeaf: NonNullable<Transport['readLeaf']>,
  url: URL,
  timeoutMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol !== 'https:') {
    throw new Fault(
      'invalid_request',
      'Cannot read served certificate: the base URL is plain http, which shows none',
    )
  }
  const label = upstreamLabel(url)
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    return await untilStopped(signal, readLeaf(url, signal))
  } catch (error) {
    if (signal.aborted) throw timeoutFault(label, timeoutMs, false)
    throw error instanceof TransportFailure ? failureFault(label, error) : error
  } finally {
    clearTimeout(timer)
  }
}
