import {
  type Clock,
  type Fault,
  isFault,
  type Random,
  type TlsTrust,
  type Upstream,
  type UpstreamCall,
  type UpstreamRequest,
  type UpstreamResponse,
} from '@latchkey/core'

export const random: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => 0.5,
}

/** A clock that tells the time and sleeps through every pause at once, noting how long it was. */
export function impatientClock(): Clock & { readonly slept: readonly number[] } {
  const slept: number[] = []
  let ahead = 0
  return {
    slept,
    now: () => Date.now() + ahead,
    async sleep(ms) {
      slept.push(ms)
      ahead += ms
    },
  }
}

export interface CallOptions<Output> {
  readonly request?: UpstreamRequest
  readonly respond?: (response: UpstreamResponse) => Output | Promise<Output>
  readonly repeatable?: boolean
  readonly attempts?: number
  readonly lane?: UpstreamCall<null, Output>['lane']
  readonly tls?: TlsTrust
}

/** A read of `/` on an operator's host, but for what is said otherwise; it answers the body. */
export function callTo<Output = string>(
  baseUrl: string,
  options: CallOptions<Output | string> = {},
): UpstreamCall<null, Output | string> {
  return {
    origin: {
      baseUrl,
      hosts: { rule: 'operator' },
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    },
    exchange: {
      request: () => options.request ?? { method: 'GET', path: [] },
      respond: options.respond ?? ((response) => response.body),
      repeatable: options.repeatable ?? true,
    },
    input: null,
    session: null,
    lane: options.lane ?? { key: 'con_1', limit: 16 },
    ...(options.attempts === undefined ? {} : { attempts: options.attempts }),
  }
}

/** The fault of a call that must fail. */
export async function faultOf(
  upstream: Upstream,
  call: UpstreamCall<null, unknown>,
): Promise<Fault> {
  try {
    await upstream.perform(call)
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('Cannot tell fault: the call succeeded')
}
