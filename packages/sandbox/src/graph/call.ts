import type { Instant } from '@latchkey/core'
import type { Context } from 'hono'
import type { RequestFields } from '../shared/fields.ts'
import type { Surroundings } from '../shared/emulator.ts'
import type { GraphKnobs } from './knobs.ts'
import type { GraphToken } from './seed.ts'
import type { GraphState } from './state.ts'
import type { GraphWebhook } from './webhook.ts'

/** What the handlers of the Graph emulator share. */
export interface Graph {
  readonly state: GraphState
  readonly knobs: { readonly current: Readonly<GraphKnobs> }
  readonly surroundings: Surroundings
  readonly webhook: Pick<GraphWebhook, 'tell'>
}

/** One authenticated call. */
export interface GraphCall {
  readonly now: Instant
  readonly token: GraphToken
  readonly fields: RequestFields
}

export interface GraphEnv {
  Variables: { call: GraphCall; traceId: string }
}

export type GraphContext = Context<GraphEnv>

/** A write's acknowledgement, in the type that the knob asks for. */
export function acknowledge(graph: Graph): { readonly success: boolean | string } {
  return { success: graph.knobs.current.success === 'boolean' ? true : 'true' }
}
