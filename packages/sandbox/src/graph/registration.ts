import { DAY } from '@latchkey/core'
import { registerSlot } from '../shared/key-slot.ts'
import { lostKeyAlert, registrationNotice } from './alerts.ts'
import { acknowledge, type Graph, type GraphContext } from './call.ts'
import { GraphError } from './errors.ts'
import { findNumber } from './find.ts'
import type { GraphNumberState } from './state.ts'
import { appUsage } from './usage.ts'

/** Registering and deregistering together: 10 in 72 hours for one number (error 133016). */
const LIMIT = 10
const WINDOW = 3 * DAY

/** POST register: the number gets a new identity, so the key it holds is no longer signed by it. */
export function registerNumber(graph: Graph, c: GraphContext, id: string): Response {
  const { call } = c.var
  const found = findNumber(graph, call, id, { method: c.req.method, for: 'messaging' })
  if (call.fields.values.get('messaging_product') !== 'whatsapp')
    throw new GraphError(100, { message: '(#100) The parameter messaging_product is required.' })
  const pin = call.fields.values.get('pin') ?? ''
  if (!/^\d{6}$/.test(pin)) throw new GraphError(100, { details: 'The pin must have 6 digits' })
  if (found.number.pin !== null && found.number.pin !== pin) throw new GraphError(133005)
  countRegistration(found.number, call.now)
  found.number.pin = pin
  registerSlot(found.number.slot)
  tellRegistered(graph, found.number)
  return c.json(acknowledge(graph), 200, appUsage(found.usagePercent))
}

/** POST deregister: until it is registered again, no key can be read or set. */
export function deregisterNumber(graph: Graph, c: GraphContext, id: string): Response {
  const { call } = c.var
  const found = findNumber(graph, call, id, { method: c.req.method, for: 'messaging' })
  if (!found.number.slot.registered) throw new GraphError(133010)
  countRegistration(found.number, call.now)
  found.number.slot.registered = false
  return c.json(acknowledge(graph), 200, appUsage(found.usagePercent))
}

function countRegistration(number: GraphNumberState, now: number): void {
  const recent = number.registrations.filter((at) => at > now - WINDOW)
  if (recent.length >= LIMIT) throw new GraphError(133016)
  number.registrations.splice(0, number.registrations.length, ...recent, now)
}

/** Tells that a number was registered, and what came of the key that it held. */
export function tellRegistered(graph: Graph, number: GraphNumberState): void {
  graph.webhook.tell(number.wabaId, [registrationNotice(number)])
  if (number.slot.key !== null) tellLost(graph, number)
}

/** Tells that a number does not hold the key any more that was published to it. */
export function tellLost(graph: Graph, { wabaId, slot }: GraphNumberState): void {
  graph.webhook.tell(wabaId, [lostKeyAlert(slot.key, graph.knobs.current)])
}
