import { findKeyProblem } from '../shared/rsa-key.ts'
import { visibleKey, writeKey, type StoredKey } from '../shared/key-slot.ts'
import { acknowledge, type Graph, type GraphContext } from './call.ts'
import { GraphError } from './errors.ts'
import { findNumber } from './find.ts'
import { selectFields } from './select-fields.ts'
import { appUsage, businessUsage } from './usage.ts'
import type { GraphKnobs } from './knobs.ts'

const KEY = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
/** The blank that the page's MISMATCH example shows in place of a key. */
const BLANK_KEY = ' '

/** GET of the business public key of a number: its text and whether the number's signature holds. */
export function readEncryption(graph: Graph, c: GraphContext, id: string): Response {
  const { call } = c.var
  const found = findNumber(graph, call, id, { method: c.req.method, for: 'messaging' })
  requireRegistered(found.number.slot.registered)
  const shown = showKey(visibleKey(found.number.slot, call.now), graph.knobs.current)
  const entries = shown.map((each) =>
    selectFields(each, c.req.query('fields'), { known: [KEY, STATUS], node: 'WhatsAppEncryption' }),
  )
  const body = graph.knobs.current.envelope === 'data' ? { data: entries } : (entries[0] ?? {})
  return c.json(body, 200, businessUsage(found.number.wabaId, found.usagePercent, 0))
}

/** POST of a business public key: it replaces the number's one active key. */
export function writeEncryption(graph: Graph, c: GraphContext, id: string): Response {
  const { call } = c.var
  const found = findNumber(graph, call, id, { method: c.req.method, for: 'messaging' })
  if (found.number.seed.allowListed === false)
    throw new GraphError(10, { details: 'The phone number is not allow-listed for Flows' })
  requireRegistered(found.number.slot.registered)
  const pem = call.fields.values.get(KEY) ?? c.req.query(KEY)
  if (pem === undefined || pem.trim() === '') {
    graph.surroundings.report('empty-post', c.req.path)
    throw new GraphError(100, { message: `(#100) The parameter ${KEY} is required` })
  }
  const problem = findKeyProblem(pem)
  if (problem !== null)
    throw new GraphError(100, {
      details: `The business public key must be a valid 2048-bit RSA public key in PEM: ${problem}`,
    })
  writeKey(found.number.slot, pem, call.now, graph.knobs.current.readLagMs)
  return c.json(acknowledge(graph), 200, appUsage(found.usagePercent))
}

function requireRegistered(registered: boolean): void {
  if (!registered)
    throw new GraphError(133010, { details: 'Register the phone number before its key is set' })
}

function showKey(
  key: StoredKey | null,
  knobs: Readonly<GraphKnobs>,
): readonly Readonly<Record<string, string>>[] {
  if (key === null) {
    if (knobs.unset === 'empty-list') return []
    if (knobs.unset === 'blank-key') return [{ [KEY]: BLANK_KEY, [STATUS]: 'MISMATCH' }]
    return [{ [STATUS]: 'MISMATCH' }]
  }
  if (knobs.validKey === 'hidden' && key.status === 'VALID') return [{ [STATUS]: key.status }]
  const pem = knobs.lineEnds === 'crlf' ? key.pem.replaceAll(/\r?\n/g, '\r\n') : key.pem
  return [{ [KEY]: pem, [STATUS]: key.status }]
}
