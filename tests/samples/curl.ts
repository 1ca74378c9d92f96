import { type Pairs, splitTarget } from './fields.ts'

/** A request as a sample shows it. */
export interface SampleRequest {
  readonly method: string
  /** Percent-encoded as it stands, without host and query. */
  readonly path: string
  readonly query: Pairs
  /** In the sample's order, names in lower case. */
  readonly headers: Pairs
  /** Of a form or JSON by name, of a multipart form by each part's headers; a text is one without a name. */
  readonly fields: Pairs
  readonly encoding: 'form' | 'json' | 'multipart' | 'text' | null
}

/** Options that take a value, by every name that the samples use. */
const VALUED: Readonly<Record<string, 'method' | 'header' | 'field' | 'body'>> = {
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '--data-urlencode': 'field',
  '--data-binary': 'body',
}
const PLAIN = new Set(['--location'])

/** Reads the curl command that a text begins with. @throws Error for an option that it does not know */
export function parseCurl(text: string): SampleRequest {
  const [program, ...words] = curlWords(text)
  if (program !== 'curl') throw new Error('Cannot parse sample: it is not curl')
  const found = {
    method: [] as string[],
    header: [] as string[],
    field: [] as string[],
    body: [] as string[],
  }
  const urls: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const kind = VALUED[word]
    if (kind !== undefined) {
      at += 1
      found[kind].push(words[at] ?? '')
    } else if (word.startsWith('-')) {
      if (!PLAIN.has(word)) throw new Error(`Cannot parse sample: ${word} is not known`)
    } else urls.push(word)
  }
  const [url = '', ...others] = urls
  if (others.length > 0) throw new Error('Cannot parse sample: it has several URLs')
  const headers = found.header.map((header) => {
    const [name, value] = splitAt(header, ':')
    return [name.toLowerCase(), value.trim()] as const
  })
  return {
    method: found.method[0] ?? 'GET',
    ...splitTarget(targetOf(url)),
    headers,
    ...bodyOf(found, new Map(headers).get('content-type')),
  }
}

function bodyOf(
  { field, body }: { readonly field: readonly string[]; readonly body: readonly string[] },
  type: string | undefined,
): Pick<SampleRequest, 'encoding' | 'fields'> {
  const [file] = body
  if (file !== undefined) {
    if (type !== 'text/plain') throw new Error(`Cannot parse sample: its body is ${type}`)
    return { encoding: 'text', fields: [['', file]] }
  }
  if (field.length === 0) return { encoding: null, fields: [] }
  return { encoding: 'form', fields: field.map((each) => splitAt(each, '=')) }
}

/** The page was wrapped in the middle of a URL. */
function targetOf(url: string): string {
  return url.replaceAll(/\s+/g, '').replace(/^https?:\/\/[^/]*/, '')
}

function splitAt(text: string, separator: string): readonly [before: string, after: string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + 1)]
}

/**
 * The words of the first command of a text, as a shell splits it: single quotes, and line breaks behind backslashes,
 * of which a page may have made blanks.
 */
export function curlWords(text: string): readonly string[] {
  const words: string[] = []
  const token = /\\[\n ]|[ \t]+|'([^']*)'|([^\s'\\]+)|\n/gy
  let open = false
  for (const match of text.matchAll(token)) {
    const [whole, quoted, bare] = match
    if (whole === '\n') break
    const piece = quoted ?? bare
    if (piece === undefined) open = false
    else if (open) words.push((words.pop() ?? '') + piece)
    else words.push(piece)
    if (piece !== undefined) open = true
  }
  return words
}
