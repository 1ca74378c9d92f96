import { authorize } from './auth.ts'
import type { Graph, GraphCall } from './call.ts'
import { GraphError } from './errors.ts'
import type { GraphNumberState } from './state.ts'
import { countCall, usageOf } from './usage.ts'

const MANAGEMENT = 'whatsapp_business_management'
const MESSAGING = 'whatsapp_business_messaging'

/** Meta's answer for a node that is not there, or not for this caller. */
export function noSuchNode(id: string, method: string): GraphError {
  return new GraphError(100, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    subcode: 33,
    type: 'GraphMethodException',
  })
}

export interface Found {
  readonly number: GraphNumberState
  readonly usagePercent: number
}

/** @throws GraphError 100 with subcode 33, 33, 10, 200, 80007 */
export function findNumber(
  graph: Graph,
  call: GraphCall,
  id: string,
  access: { readonly method: string; readonly for: 'messaging' | 'management' },
): Found {
  const number = graph.state.numbers.get(id)
  if (number === undefined) throw noSuchNode(id, access.method)
  authorize(call.token, access.for === 'messaging' ? MESSAGING : MANAGEMENT, number.wabaId)
  if (number.seed.deleted === true) throw new GraphError(33)
  // The quota is documented for management endpoints, and for the key edge none.
  const limit = graph.knobs.current.hourlyLimit
  if (access.for === 'management') countCall(graph.state, number.wabaId, limit, call.now)
  return { number, usagePercent: usageOf(graph.state, number.wabaId, limit, call.now) }
}

/** @throws GraphError 100 with subcode 33, 10, 200, 80007 */
export function findWaba(
  graph: Graph,
  call: GraphCall,
  id: string,
  method: string,
): { readonly id: string; readonly name: string; readonly usagePercent: number } {
  const waba = graph.state.wabas.get(id)
  if (waba === undefined) throw noSuchNode(id, method)
  authorize(call.token, MANAGEMENT, id)
  const limit = graph.knobs.current.hourlyLimit
  countCall(graph.state, id, limit, call.now)
  return { ...waba, usagePercent: usageOf(graph.state, id, limit, call.now) }
}
