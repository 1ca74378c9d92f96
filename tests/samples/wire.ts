import type { Socket } from 'node:net'
import { type Listener, listen } from '../support/listener.ts'

/** A request as it came over the socket. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  /** In the order of arrival, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Recorder extends Listener {
  readonly requests: readonly WireRequest[]
}

export interface WireAnswer {
  readonly body: string
  readonly type?: string
}

/** Listens with no HTTP library between, and answers requests with JSON, the same for all or by what is asked. */
export async function record(
  answer: string | ((request: WireRequest) => WireAnswer),
): Promise<Recorder> {
  const requests: WireRequest[] = []
  const answerTo = typeof answer === 'string' ? () => ({ body: answer }) : answer
  const listener = await listen((socket: Socket) => {
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      const request = parseRequest(received)
      if (request === null) return
      received = ''
      requests.push(request)
      socket.end(written(answerTo(request)))
    })
  })
  return { ...listener, requests }
}

function written({ body, type = 'application/json' }: WireAnswer): string {
  const headers = [`Content-Type: ${type}`, `Content-Length: ${body.length}`, 'Connection: close']
  return `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

/** A whole request; null while some of it is on its way. */
function parseRequest(text: string): WireRequest | null {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const [method = '', target = '', version = ''] = first.split(' ')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const length = Number(new Map(headers).get('content-length') ?? 0)
  const body = text.slice(end + 4)
  return body.length < length ? null : { method, target, version, headers, body }
}
