import { Fault, fieldErrors } from '@latchkey/core'
import type * as z from 'zod'

/** Nothing that the API takes is near this size. */
export const BODY_LIMIT_BYTES = 1024 * 1024

/** Deeper JSON than this is refused before it is parsed: parsers and schemas recurse. */
const JSON_DEPTH_LIMIT = 32

/** ASCII is UTF-8 too. */
const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])

/**
 * Reads a body of at most the limit.
 * @throws Fault payload_too_large, unsupported_media_type where it is compressed
 */
export async function readBody(
  request: Request,
  limit = BODY_LIMIT_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const coding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (coding !== '' && coding !== 'identity') {
    throw new Fault('unsupported_media_type', 'Cannot read a compressed body: send it as it is')
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limit) throw tooLarge('body', limit)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge('body', limit)
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}

/** @throws Fault invalid_request */
export function decodeText(body: Uint8Array): string {
  try {
    // A byte order mark is kept: the key reader names its removal as a repair.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new Fault('invalid_request', 'Cannot read body: it is not UTF-8')
  }
}

/** @throws Fault invalid_request where it is not JSON, deeper than any request is, or sets a prototype */
export function parseJson(text: string): unknown {
  refuseDepth(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch {
    throw new Fault('invalid_request', 'Cannot parse body: it is not valid JSON')
  }
  refusePrototypes(parsed)
  return parsed
}

/** @throws Fault invalid_request with a pointer for each field that is wrong */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Fault('invalid_request', `Cannot accept ${what}: some fields are wrong`, {
    errors: fieldErrors(parsed.error),
  })
}

/** The media type without its parameters, in lower case; empty where none was sent. */
export function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase()
}

/** @throws Fault unsupported_media_type, also for another charset than UTF-8 */
export function requireMediaType(request: Request, allowed: readonly string[]): string {
  const header = request.headers.get('content-type') ?? ''
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(header)?.[1] ?? 'utf-8'
  if (!UTF_8.has(charset.toLowerCase())) {
    throw new Fault('unsupported_media_type', 'Cannot read body of this charset: send UTF-8')
  }
  const type = mediaType(request)
  if (allowed.includes(type)) return type
  throw new Fault(
    'unsupported_media_type',
    `Cannot read body of type "${type === '' ? 'none' : type.slice(0, 80)}": send ${allowed.join(' or ')}`,
  )
}

function refuseDepth(text: string): void {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > JSON_DEPTH_LIMIT) {
        throw new Fault(
          'invalid_request',
          `Cannot parse body: JSON is nested deeper than ${JSON_DEPTH_LIMIT}`,
        )
      }
    } else if (character === '}' || character === ']') depth -= 1
  }
}

/** A schema of free names would drop this one unseen, and a copy of it pollutes; nothing is called so. */
function refusePrototypes(value: unknown, at = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (name === '__proto__') {
      throw new Fault('invalid_request', 'Cannot accept body: some fields are wrong', {
        errors: [{ pointer, message: 'Is not a known field' }],
      })
    }
    refusePrototypes(member, pointer)
  }
}

export function tooLarge(what: string, limit: number): Fault {
  return new Fault(
    'payload_too_large',
    `Cannot read ${what}: it is larger than ${limit / 1024} KiB`,
  )
}
