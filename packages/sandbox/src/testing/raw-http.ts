import { connect } from 'node:net'

/** How the other side left the connection. */
export type Ending = 'closed' | 'reset' | 'open'

export interface RawAnswer {
  readonly ending: Ending
  /** Everything that came, as it came. */
  readonly text: string
  /** NaN where no status line came. */
  readonly status: number
  /** With lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Waited for, where nothing is expected to come. */
const SILENCE_MS = 150

export interface RawRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Gives up after a short silence: for answers that never come. */
  readonly expectSilence?: boolean
}

/** Sends one request over a socket of its own and tells what came back, byte for byte. */
export function sendRaw(url: string, request: RawRequest = {}): Promise<RawAnswer> {
  const { host, hostname, port, pathname, search } = new URL(url)
  const { method = 'GET', headers = {}, body = '' } = request
  const lines = Object.entries({
    Host: host,
    Connection: 'close',
    ...(body === '' && method === 'GET' ? {} : { 'Content-Length': String(body.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const finish = (ending: Ending) => {
      socket.destroy()
      resolve(parse(ending, Buffer.concat(chunks).toString('latin1')))
    }
    const socket = connect(Number(port), hostname)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => finish('reset'))
    socket.on('close', () => finish('closed'))
    if (request.expectSilence === true) socket.setTimeout(SILENCE_MS, () => finish('open'))
    socket.write(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  })
}

function parse(ending: Ending, text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n')
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = end === -1 ? '' : text.slice(end + 4)
  return { ending, text, status: Number(statusLine.split(' ')[1]), headers, body }
}
