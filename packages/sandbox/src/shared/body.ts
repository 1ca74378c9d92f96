/** More than any request of these APIs; a longer one is a mistake of the caller's. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

export function isBodiless({ method }: Pick<Request, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** The whole body of a request that is not too long. */
export async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  // To be asked for the body that is not there, a server makes a stream first.
  return isBodiless(request) ? new Uint8Array() : new Uint8Array(await request.arrayBuffer())
}

/** A request's whole body; null where it is too long to be one. */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  const announced = request.headers.get('content-length')
  if (isBodiless(request) || announced !== null) {
    return Number(announced) > MAX_BODY_BYTES ? null : bodyOf(request)
  }
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.length
    if (length > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}
