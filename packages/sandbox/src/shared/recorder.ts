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
  readonly bodyBytes: number
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
  record(request: Omit<RecordedRequest, 'sequence' | 'status' | 'fault'>): number
  /** Adds what became of a request. */
  complete(sequence: number, outcome: { fault?: string; status?: number }): void
  read(matches: (request: RecordedRequest) => boolean): RequestLog
  clear(): void
}

export function createRecorder(): Recorder {
  const kept = new Map<number, RecordedRequest>()
  let sequence = 0
  let dropped = 0
  return {
    record(request) {
      sequence += 1
      kept.set(sequence, { ...request, sequence, fault: null, status: null })
      const [oldest] = kept.keys()
      if (kept.size > CAPACITY && oldest !== undefined) {
        kept.delete(oldest)
        dropped += 1
      }
      return sequence
    },
    complete(number, outcome) {
      const request = kept.get(number)
      if (request !== undefined) kept.set(number, { ...request, ...outcome })
    },
    read: (matches) => ({ requests: [...kept.values()].filter(matches), dropped }),
    clear() {
      kept.clear()
      dropped = 0
    },
  }
}
