import { Fault, type UpstreamRequest } from '@latchkey/core'

/**
 * Without a User-Agent the PBX answers PARAMETER ERROR. Its guide asks for a connection for each request: one that the
 * PBX ends while it is taken from a pool would leave a write of which nobody knows what became.
 */
const HEADERS = { 'User-Agent': 'OpenAPI', Connection: 'close' }
const API_PATH = ['openapi', 'v1.0'] as const

type Query = readonly (readonly [name: string, value: string])[]

/** A call of the API; the session's token goes into the query, the only place where the PBX takes it. */
export function get(
  path: readonly string[],
  { session, query = [] }: { readonly session: string | null; readonly query?: Query },
): UpstreamRequest {
  return {
    method: 'GET',
    path: [...API_PATH, ...path],
    query: [...query, ['access_token', required(session)]],
    headers: HEADERS,
  }
}

export function post(
  path: readonly string[],
  {
    session,
    body,
    type,
  }: { readonly session: string | null; readonly body: string; readonly type?: string },
): UpstreamRequest {
  return { ...postOpen(path, body, type), query: [['access_token', required(session)]] }
}

/** A call that needs no session, as those that open one. */
export function postOpen(
  path: readonly string[],
  body: string,
  type = 'application/json',
): UpstreamRequest {
  return {
    method: 'POST',
    path: [...API_PATH, ...path],
    headers: { ...HEADERS, 'Content-Type': type },
    body,
  }
}

function required(session: string | null): string {
  if (session === null) throw new Fault('internal', 'Cannot call upstream: no session is open')
  return session
}
