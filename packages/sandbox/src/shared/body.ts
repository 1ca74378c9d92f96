/** More than any request of these APIs; a longer one is a mistake of the caller's. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** A request's whole body; null where it is too long to be one. */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return null
  const body = new Uint8Array(await request.arrayBuffer())
  return body.length > MAX_BODY_BYTES ? null : body
}
