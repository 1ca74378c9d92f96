import { type DialectRequest, Fault, type Instant, isFault } from '@latchkey/core'
import { readBody } from '../http/body.ts'

/** A request whose body could not be read, so that a refusal can still be worded. */
export interface ReadRequest {
  readonly request: DialectRequest
  readonly fault: Fault | null
}

/** Reads a request whole, as a dialect takes it. Never throws: what is wrong with it is handed back. */
export async function readDialectRequest(raw: Request, at: Instant): Promise<ReadRequest> {
  const url = new URL(raw.url)
  const bare = {
    method: raw.method,
    path: [],
    query: [...url.searchParams],
    headers: raw.headers,
    body: new Uint8Array(),
    at,
  }
  try {
    const path = pathBelow(url.pathname)
    return { request: { ...bare, path, body: await readBody(raw) }, fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    return { request: bare, fault: error }
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
