import type { Instant } from '../../instant.ts'
import type { RunState } from '../../trigger/run.ts'

/** What a run came to in the end. */
export type Outcome = Pick<RunState, 'done' | 'failed' | 'problem' | 'made'>

/** What one turn of a run came to: it goes on then, or is over. */
export type Turn = { readonly again: Instant } | { readonly over: Outcome }
