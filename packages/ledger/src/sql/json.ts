import { Fault, type JsonObject, type StoredResponse } from '@latchkey/core'
import { damaged } from './columns.ts'

/**
 * The largest state, event, task or stored response, as UTF-8 bytes of JSON. A Durable Object's row ends
 * at 2 MB (developers.cloudflare.com/durable-objects/platform/limits); every engine keeps the same bound.
 */
export const MAX_JSON_BYTES = 256 * 1024

const UTF8_BYTES_PER_UNIT = 3
const encoder = new TextEncoder()

function exceeds(text: string, bytes: number): boolean {
  return text.length * UTF8_BYTES_PER_UNIT > bytes && encoder.encode(text).length > bytes
}

/**
 * Writes a value as JSON text.
 *
 * @throws Fault internal for what is not JSON (a cycle), payload_too_large above `MAX_JSON_BYTES`
 */
export function encodeJson(value: unknown, what: string): string {
  let text: unknown
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new Fault('internal', `Cannot store ${what}: it is not JSON`, { cause })
  }
  if (typeof text !== 'string') throw new Fault('internal', `Cannot store ${what}: it is not JSON`)
  if (exceeds(text, MAX_JSON_BYTES)) {
    throw new Fault(
      'payload_too_large',
      `Cannot store ${what}: it has more than ${MAX_JSON_BYTES} bytes of JSON`,
    )
  }
  return text
}

/** @throws Fault internal where the stored text is not JSON */
export function decodeJson(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    throw damaged(what)
  }
}

/** A state as the caller stored it. */
export function decodeState<S>(text: string): S {
  // The port's caller names the type that it keeps under a kind; storage cannot know it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return decodeJson(text, 'a state') as S
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function decodeObject(text: string, what: string): JsonObject {
  const value = decodeJson(text, what)
  if (isJsonObject(value)) return value
  throw damaged(what)
}

type Strings = Readonly<Record<string, string>>

function isStrings(value: unknown): value is Strings {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === 'string')
}

export function decodeStrings(text: string, what: string): Strings {
  const value = decodeJson(text, what)
  if (isStrings(value)) return value
  throw damaged(what)
}

export function decodeResponse(text: string): StoredResponse {
  const { status, headers, body } = decodeObject(text, 'a stored response')
  if (typeof status === 'number' && isStrings(headers) && typeof body === 'string') {
    return { status, headers, body }
  }
  throw damaged('a stored response')
}
