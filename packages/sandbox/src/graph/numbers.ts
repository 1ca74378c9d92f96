import type { Graph, GraphContext } from './call.ts'
import { findNumber, findWaba } from './find.ts'
import { filterNodes, sortNodes } from './list-query.ts'
import { pageOf } from './paging.ts'
import { selectFields } from './select-fields.ts'
import type { GraphNumberState } from './state.ts'
import { businessUsage } from './usage.ts'

/** What a number's node shows where `fields` asks for nothing. */
const DEFAULT_FIELDS = 'id,display_phone_number,verified_name,quality_rating'

/** GET of a business account's phone numbers, paged by cursors. */
export function listNumbers(graph: Graph, c: GraphContext, wabaId: string): Response {
  const waba = findWaba(graph, c.var.call, wabaId, c.req.method)
  const numbers = [...graph.state.numbers.values()].filter(
    (each) => each.wabaId === wabaId && each.seed.deleted !== true,
  )
  const query = new URL(c.req.url).searchParams
  const chosen = sortNodes(
    filterNodes(numbers, describe, query.get('filtering')),
    query.get('sort'),
  )
  const { items, paging } = pageOf(chosen, (each) => each.seed.id, {
    url: new URL(c.req.url),
    token: c.var.call.token.token,
    knobs: graph.knobs.current,
  })
  const data = items.map((number) => showNumber(number, c.req.query('fields')))
  const body = paging === null ? { data } : { data, paging }
  return c.json(body, 200, businessUsage(wabaId, waba.usagePercent, 0))
}

/** GET of one number's node. */
export function readNumber(graph: Graph, c: GraphContext, id: string): Response {
  const found = findNumber(graph, c.var.call, id, { method: c.req.method, for: 'management' })
  const usage = businessUsage(found.number.wabaId, found.usagePercent, 0)
  return c.json(showNumber(found.number, c.req.query('fields')), 200, usage)
}

/** GET of the business account's own node. */
export function readWaba(graph: Graph, c: GraphContext, id: string): Response {
  const waba = findWaba(graph, c.var.call, id, c.req.method)
  const node = { id: waba.id, name: waba.name, timezone_id: '1' }
  const shown = selectFields(node, c.req.query('fields'), {
    known: Object.keys(node),
    node: 'WhatsAppBusinessAccount',
    always: 'id',
  })
  return c.json(shown, 200, businessUsage(id, waba.usagePercent, 0))
}

function showNumber(
  number: GraphNumberState,
  fields: string | undefined,
): Readonly<Record<string, unknown>> {
  const node = describe(number)
  return selectFields(node, fields ?? DEFAULT_FIELDS, {
    known: Object.keys(node),
    node: 'WhatsAppBusinessPhoneNumber',
    always: 'id',
  })
}

function describe({ seed, slot, pin }: GraphNumberState): Readonly<Record<string, unknown>> {
  const entity = { entity_type: 'PHONE_NUMBER', id: seed.id }
  const availability = slot.registered ? 'AVAILABLE' : 'BLOCKED'
  return {
    id: seed.id,
    display_phone_number: seed.displayPhoneNumber,
    verified_name: seed.verifiedName,
    quality_rating: slot.registered ? 'GREEN' : 'UNKNOWN',
    status: slot.registered ? 'CONNECTED' : 'PENDING',
    platform_type: slot.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
    code_verification_status: slot.registered ? 'VERIFIED' : 'NOT_VERIFIED',
    name_status: 'APPROVED',
    account_mode: 'LIVE',
    throughput: { level: 'STANDARD' },
    is_pin_enabled: pin !== null,
    health_status: {
      can_send_message: availability,
      entities: [{ ...entity, can_send_message: availability }],
    },
  }
}
