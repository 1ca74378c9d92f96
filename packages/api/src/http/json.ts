import type { StoredResponse } from '@latchkey/core'

export const JSON_TYPE = 'application/json'

/** A JSON answer, in the form in which receipts keep it. */
export function jsonStored(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): StoredResponse {
  return {
    status,
    headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const stored = jsonStored(status, body, headers)
  return new Response(stored.body, { status, headers: stored.headers })
}

export const NO_CONTENT: StoredResponse = {
  status: 204,
  headers: { 'cache-control': 'no-store' },
  body: '',
}
