import { jsonResponse } from '../http/json.ts'
import type { RouteContext } from '../http/context.ts'

const OK = { status: 'ok' } as const

export function tellHealth(): Promise<Response> {
  return Promise.resolve(jsonResponse(200, OK))
}

export async function tellReadiness({
  services,
}: Pick<RouteContext<unknown, unknown>, 'services'>): Promise<Response> {
  await services.ledger.ping()
  return jsonResponse(200, OK)
}
