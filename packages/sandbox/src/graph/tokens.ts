import { SECOND } from '@latchkey/core'
import type { Graph, GraphContext } from './call.ts'
import { GraphError } from './errors.ts'

/** The id of the system user to whom every sandbox token belongs. */
const SYSTEM_USER_ID = '100000000000777'

/** GET me: the cheapest call that needs a valid token. */
export function readMe(c: GraphContext): Response {
  return c.json({ id: SYSTEM_USER_ID, name: 'Sandbox system user' })
}

/** GET debug_token: what a token is and may do. */
export function debugToken(graph: Graph, c: GraphContext): Response {
  const input = c.req.query('input_token')
  if (input === undefined)
    throw new GraphError(100, { message: '(#100) The parameter input_token is required' })
  const token = graph.state.tokens.get(input)
  const expired = token?.expiresAt != null && c.var.call.now >= token.expiresAt
  return c.json({
    data: {
      app_id: graph.state.app.id,
      type: 'SYSTEM_USER',
      application: graph.state.app.name,
      expires_at: Math.floor((token?.expiresAt ?? 0) / SECOND),
      is_valid: token !== undefined && !expired,
      scopes: token?.scopes ?? [],
      granular_scopes: (token?.scopes ?? []).map((scope) => ({
        scope,
        target_ids: token?.wabaIds ?? [],
      })),
      user_id: SYSTEM_USER_ID,
    },
  })
}
