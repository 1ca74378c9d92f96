import type { FaultCode, Principal, Services } from '@latchkey/core'
import type { ApiDependencies } from '../dependencies.ts'
import type { Timings } from './timings.ts'

/** What the middleware leaves for the routes; to be taken by `c.get`, as `c.var` copies all of it each time. */
export interface Variables {
  requestId: string
  timings: Timings
  services: Services
  principal: Principal
  /** The code that a failing request is answered with. */
  failure: FaultCode | null
  /** Headers that tell where the caller stands with its limit. */
  rateLimit: Readonly<Record<string, string>>
}

export interface Env {
  Variables: Variables
}

/** What a route's handler works with: everything parsed, everybody known. */
export interface RouteContext<Params, Query> {
  readonly request: Request
  readonly params: Params
  readonly query: Query
  readonly principal: Principal
  readonly services: Services
  readonly timings: Timings
  readonly requestId: string
  readonly dependencies: ApiDependencies
}
