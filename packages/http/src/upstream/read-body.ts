/** The answer grew over the size cap. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * Reads a body as UTF-8, ill-formed bytes replaced (WHATWG Encoding §4.1), and stops reading as soon as it is over
 * `maxBytes`: what a header says of its length is not believed.
 * @throws BodyTooLarge, and whatever the body's stream ends with
 */
export async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let length = 0
  let text = ''
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > maxBytes) throw new BodyTooLarge()
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
