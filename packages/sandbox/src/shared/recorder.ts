import type { Instant } from '@latchkey/core'
import type { Encoding } from './fields.ts'
import type { Upstream } from './upstreams.ts'

/** A request as an emulator received it, in full: sandbox credentials are worth nothing. */
export interface RecordedRequest {
  /** Counts up over all upstreams, in the order of arrival. */
  readonly sequence: number
  readonly at: Instant
  readonly upstream: Upstream
  readonly method: string
  /** Below the upstream's prefix, percent-encoded as it came, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly encoding: Encoding
  /** The body's parameters. */
  readonly fields: Readonly<Record<string, string>>
  /** The whole body, where it is `text/plain`. */
  readonly text: string | null
  readonly bodyBytes: number
  /** Earlier requests whose caller still waited: to the same upstream, and of these to this path. */
  readonly inFlight: { readonly upstream: number; readonly path: number }
  /** The fault that struck it. */
  readonly fault: string | null
  /** What was answered; null where nothing was, or not yet. */
  readonly status: number | null
}

export interface RequestFilter {
  readonly upstream?: Upstream
  readonly method?: string
  /** As in a fault rule. */
  readonly path?: string
}

export interface RequestLog {
  readonly requests: readonly RecordedRequest[]
  /** Earlier requests that no longer fit. */
  readonly dropped: number
}

/** How many requests are kept. */
const CAPACITY = 2_000

export interface Recorder {
  /** Keeps a request that has just arrived; its sequence. */
  record(request: Omit<RecordedRequest, 'sequence' | 'inFlight' | 'status' | 'fault'>): number
  strike(sequence: number, fault: string): void
  /** Notes what was answered, null where nothing was: the caller no longer waits. */
  complete(sequence: number, status: number | null): void
  read(matches: (request: RecordedRequest) => boolean): RequestLog
  clear(): void
}

export function createRecorder(): Recorder {
  const kept = new Map<number, RecordedRequest>()
  const unanswered = new Map<number, { readonly upstream: Upstream; readonly path: string }>()
  let sequence = 0
  let dropped = 0
  const amend = (number: number, change: Partial<RecordedRequest>) => {
    const request = kept.get(number)
    if (request !== undefined) kept.set(number, { ...request, ...change })
  }
  return {
    record(request) {
      sequence += 1
      const others = [...unanswered.values()].filter((each) => each.upstream === request.upstream)
      const here = others.filter((each) => each.path === request.path)
      const inFlight = { upstream: others.length, path: here.length }
      kept.set(sequence, { ...request, sequence, inFlight, fault: null, status: null })
      unanswered.set(sequence, request)
      const [oldest] = kept.keys()
      if (kept.size > CAPACITY && oldest !== undefined) {
        kept.delete(oldest)
        dropped += 1
      }
      return sequence
    },
    strike: (number, fault) => amend(number, { fault }),
    complete(number, status) {
      unanswered.delete(number)
      amend(number, { status })
    },
    read: (matches) => ({ requests: [...kept.values()].filter(matches), dropped }),
    clear() {
      kept.clear()
      dropped = 0
    },
  }
}
