import { request as send } from 'node:http'

const HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])
/** Nobody who is told something has more to say. */
const ANSWER_MAX = 64 * 1024

export interface LocalCall {
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
}

export interface LocalAnswer {
  readonly status: number
  readonly text: string
}

/** Whether a URL is of this machine: nothing else is ever called, so that the sandbox is nobody's way out. */
export function isLocal({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && HOSTS.has(hostname)
}

/** Calls a server of this machine, following no redirect; null where it did not answer. */
export function callLocal(url: URL, call: LocalCall): Promise<LocalAnswer | null> {
  if (!isLocal(url)) return Promise.resolve(null)
  const { method, headers = {}, body, timeoutMs } = call
  return new Promise((resolve) => {
    const fail = () => resolve(null)
    const signal = AbortSignal.timeout(timeoutMs)
    const outgoing = send(url, { method, headers, signal }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        text += chunk
        if (text.length > ANSWER_MAX) incoming.destroy()
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }))
      incoming.on('error', fail)
      incoming.on('close', fail)
    })
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}
