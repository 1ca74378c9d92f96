import { isRecord } from './readers.ts'

export type Encoding = 'form' | 'multipart' | 'json' | 'other' | 'none' | 'broken'

/** A request's parameters and how they were sent. `broken`: not what its content type says. */
export interface RequestFields {
  readonly encoding: Encoding
  readonly values: ReadonlyMap<string, string>
  /** The whole body, where it is `text/plain`. */
  readonly text: string | null
}

/** Reads the parameters of a body in any encoding of the upstreams; the first of a name counts. */
export async function readFields(
  contentType: string | undefined,
  body: Uint8Array<ArrayBuffer>,
): Promise<RequestFields> {
  if (body.length === 0) return fields('none', [])
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  const decoded = () => new TextDecoder().decode(body)
  if (type === 'application/x-www-form-urlencoded')
    return fields('form', new URLSearchParams(decoded()))
  if (type === 'multipart/form-data') return readMultipart(contentType ?? '', body)
  if (type === 'application/json') return readJson(decoded())
  return { ...fields('other', []), text: type === 'text/plain' ? decoded() : null }
}

async function readMultipart(
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<RequestFields> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
    const entries: [string, string][] = []
    for (const [name, value] of form)
      entries.push([name, typeof value === 'string' ? value : await value.text()])
    return fields('multipart', entries)
  } catch {
    return fields('broken', [])
  }
}

function readJson(body: string): RequestFields {
  try {
    const parsed: unknown = JSON.parse(body)
    if (!isRecord(parsed)) return fields('broken', [])
    return fields(
      'json',
      Object.entries(parsed).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    )
  } catch {
    return fields('broken', [])
  }
}

function fields(encoding: Encoding, entries: Iterable<readonly [string, string]>): RequestFields {
  const values = new Map<string, string>()
  for (const [name, value] of entries) if (!values.has(name)) values.set(name, value)
  return { encoding, values, text: null }
}
