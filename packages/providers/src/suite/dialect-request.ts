import type { DialectRequest, DialectResponse, UpstreamRequest } from '@latchkey/core'
import { toUtf8 } from '@latchkey/crypto'
import * as z from 'zod'
import { AT } from './bind.ts'

export const REQUEST_ID = 'request-1'

interface Given extends Omit<UpstreamRequest, 'method' | 'body'> {
  readonly method: string
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** A request as a server hands it to a dialect; what a client sends is one, once its path is taken apart. */
export function dialectRequest({
  method,
  path,
  query = [],
  headers = {},
  body = '',
}: Given): DialectRequest {
  const bytes = typeof body === 'string' ? toUtf8(body) : body
  return {
    method,
    path,
    query,
    headers: new Headers(headers),
    body: bytes,
    at: AT,
    requestId: REQUEST_ID,
  }
}

const jsonObject = z.record(z.string(), z.unknown())

/** A dialect's answer with its body as the JSON object that it is. */
export function opened({ status, headers, body }: DialectResponse) {
  return { status, headers, body: jsonObject.parse(JSON.parse(body ?? '')) }
}
