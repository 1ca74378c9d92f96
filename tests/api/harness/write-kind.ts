import type { ApiHarness } from './harness.ts'
import type { TestKey } from './keys.ts'

export interface Write {
  readonly method: string
  readonly path: string
  readonly json?: unknown
}

/** A kind of write that takes an Idempotency-Key. */
export interface WriteKind {
  readonly operationId: string
  readonly status: number
  /** The event that it leaves, and how many of them. */
  readonly event: readonly [type: string, count: number]
  /** Work goes on behind its answer, and leaves events and calls of its own. */
  readonly goesOn?: true
  /** Makes what it needs, and says how it is called. */
  readonly prepare: (api: ApiHarness, key: TestKey) => Promise<Write>
}
