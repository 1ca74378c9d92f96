/** A request as a sample shows it. */
export interface SampleRequest {
  readonly method: string
  /** Percent-encoded as it stands, without host and query. */
  readonly path: string
  /** In the sample's order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly encoding: 'form' | 'json' | null
}

/** Options that take a value, by every name that the samples use. */
const VALUED: Readonly<Record<string, 'method' | 'header' | 'field'>> = {
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '--data-urlencode': 'field',
}
const PLAIN = new Set(['--location'])

/** Reads the curl command that a text begins with. @throws Error for an option that it does not know */
export function parseCurl(text: string): SampleRequest {
  const [program, ...words] = wordsOf(text)
  if (program !== 'curl') throw new Error('Cannot parse sample: it is not curl')
  const found = { method: [] as string[], header: [] as string[], field: [] as string[] }
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
  return {
    method: found.method[0] ?? 'GET',
    path: pathOf(url),
    headers: found.header.map((header) => {
      const [name, value] = splitAt(header, ':')
      return [name.toLowerCase(), value.trim()]
    }),
    fields: found.field.map((field) => splitAt(field, '=')),
    encoding: found.field.length === 0 ? null : 'form',
  }
}

/** The page was wrapped in the middle of a URL. */
function pathOf(url: string): string {
  return url.replaceAll(/\s+/g, '').replace(/^https?:\/\/[^/]*/, '')
}

function splitAt(text: string, separator: string): readonly [before: string, after: string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** The words of the first command of a text, as a shell splits it: single quotes, and line breaks behind backslashes. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  const token = /\\\n|[ \t]+|'([^']*)'|([^\s'\\]+)|\n/gy
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
