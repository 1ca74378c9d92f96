import { type Clock, type Courier, type Parcel, type ParcelAnswer, SECOND } from '@latchkey/core'
import { parseAddress } from '../policy/address.ts'
import { bareHost, type HostPolicy } from '../policy/host-policy.ts'
import { parseRetryAfter } from '../retry-after/retry-after.ts'
import { type Transport, TransportFailure, type TransportResponse } from '../transport/transport.ts'
import { failureFault, timeoutFault } from '../upstream/attempt-faults.ts'
import { untilStopped } from '../upstream/until-stopped.ts'
import { targetUrl } from './target-url.ts'

export interface CourierOptions {
  readonly transport: Transport
  readonly policy: HostPolicy
  readonly clock: Clock
  /** Until an answer begins; 15 s, the least that Standard Webhooks 1.0 recommends ("Request timeouts"). */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 15 * SECOND
/** So much of an answer is read, and for so long, that its connection can be used again. */
const DRAIN_BYTES = 16 * 1024
const DRAIN_MS = SECOND

/** Makes what carries webhooks out. */
export function createCourier(options: CourierOptions): Courier {
  const { transport, policy, clock, timeoutMs = TIMEOUT_MS } = options
  return {
    async admit(url) {
      targetUrl(policy, url)
    },
    async post(parcel) {
      const url = targetUrl(policy, parcel.url)
      const began = clock.now()
      const { status, headers } = await exchange(transport, { url, parcel, timeoutMs })
      const at = clock.now()
      return {
        status,
        retryAfterMs: parseRetryAfter(headers, at),
        durationMs: Math.max(0, at - began),
      } satisfies ParcelAnswer
    },
  }
}

async function exchange(
  transport: Transport,
  { url, parcel, timeoutMs }: { url: URL; parcel: Parcel; timeoutMs: number },
): Promise<Pick<TransportResponse, 'status' | 'headers'>> {
  const controller = new AbortController()
  const { signal } = controller
  const abort = () => controller.abort()
  const timer = setTimeout(abort, timeoutMs)
  const body = new TextEncoder().encode(parcel.body)
  const headers = {
    'user-agent': 'Latchkey',
    'content-type': 'application/json',
    ...parcel.headers,
    'content-length': String(body.byteLength),
  }
  try {
    const response = await untilStopped(
      signal,
      transport.send({ url, method: 'POST', headers, body, signal }),
    )
    if (!(await isReadInTime(response, abort, signal))) abort()
    return response
  } catch (error) {
    const label = receiverLabel(url)
    if (signal.aborted) {
      throw timeoutFault(label, timeoutMs, !(error instanceof TransportFailure) || error.sent)
    }
    throw error instanceof TransportFailure ? failureFault(label, error) : error
  } finally {
    clearTimeout(timer)
  }
}

/** The status has come and is all that counts: whatever becomes of the rest is no failure. */
async function isReadInTime(
  { body }: TransportResponse,
  abort: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const timer = setTimeout(abort, DRAIN_MS)
  try {
    return await untilStopped(signal, isShort(body))
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

async function isShort(body: AsyncIterable<Uint8Array> | null): Promise<boolean> {
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    if (length > DRAIN_BYTES) return false
  }
  return true
}

/** By its name; a literal address is not shown, it tells of somebody's network. */
function receiverLabel(url: URL): string {
  const isAddress = parseAddress(bareHost(url)) !== null
  return isAddress ? 'webhook endpoint' : `webhook endpoint "${url.hostname}"`
}
