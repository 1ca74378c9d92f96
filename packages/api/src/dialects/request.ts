import { type DialectRequest, Fault } from '@latchkey/core'
import { readBody } from '../http/body.ts'

/** A request as it is taken in: at first without its body. */
export interface IncomingRequest {
  /** What is known of it by now, so that a refusal can be worded at any time. */
  readonly known: () => DialectRequest
  /** @throws Fault not_found where its path cannot be read */
  readonly head: () => DialectRequest
  /** With its body. @throws Fault payload_too_large, unsupported_media_type */
  readonly whole: () => Promise<DialectRequest>
}

export function incomingRequest(
  raw: Request,
  { at, requestId }: Pick<DialectRequest, 'at' | 'requestId'>,
): IncomingRequest {
  const url = new URL(raw.url)
  let known: DialectRequest = {
    method: raw.method,
    path: [],
    query: url.search === '' ? [] : [...url.searchParams],
    headers: raw.headers,
    body: new Uint8Array(),
    at,
    requestId,
  }
  return {
    known: () => known,
    head: () => (known = { ...known, path: pathBelow(url.pathname) }),
    whole: async () => (known = { ...known, body: await readBody(raw) }),
  }
}

/** What follows the dialect's name and the connection. @throws Fault not_found */
function pathBelow(pathname: string): readonly string[] {
  const segments = pathname.split('/').slice(3)
  if (segments.at(-1) === '') segments.pop()
  try {
    return segments.map((segment) => decodeURIComponent(segment))
  } catch {
    throw new Fault('not_found', 'Cannot find anything at this path')
  }
}
