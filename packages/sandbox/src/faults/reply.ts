import type { Distortion, Replacement } from './rule.ts'

/** What the socket does with a request in the end. */
export type Reply = { readonly kind: 'reset' } | { readonly kind: 'hang' } | AnswerReply

export interface AnswerReply {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  /** Bytes of the body that are sent, where the connection closes before the end. */
  readonly cutAt?: number
  readonly drip?: { readonly chunkBytes: number; readonly intervalMs: number }
}

/** One byte more than the mebibyte that a careful client reads. */
const DEFAULT_OVERSIZE_BYTES = 1024 * 1024 + 1
const DEFAULT_HTML_STATUS = 502
const HTML = '<!doctype html><title>Bad Gateway</title><h1>Bad Gateway</h1>\n'

export async function replyWith(response: Response): Promise<AnswerReply> {
  return {
    kind: 'answer',
    status: response.status,
    headers: response.headers,
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

/** The answer of a fault that does not need the emulator's own. */
export async function replacementReply(
  answer: Replacement,
  fail: (code: string | number) => Response | null,
): Promise<Reply> {
  switch (answer.kind) {
    case 'reset':
    case 'hang':
      return { kind: answer.kind }
    case 'respond':
      return respond(answer)
    case 'vendor-error':
      return replyWith(fail(answer.code) ?? new Response(null, { status: 500 }))
    case 'redirect':
      return replyWith(
        new Response(null, {
          status: answer.status ?? 302,
          headers: { location: answer.location },
        }),
      )
    case 'html':
      return replyWith(
        new Response(HTML, {
          status: answer.status ?? DEFAULT_HTML_STATUS,
          headers: { 'content-type': 'text/html; charset=utf-8' },
        }),
      )
  }
}

/** Built without a `Response`, which would refuse a body with some statuses. */
function respond(answer: Replacement & { readonly kind: 'respond' }): AnswerReply {
  const headers = new Headers(answer.headers)
  const isJson = answer.json !== undefined
  if (isJson && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = new TextEncoder().encode(isJson ? JSON.stringify(answer.json) : answer.body)
  return { kind: 'answer', status: answer.status, headers, body }
}

/** What a fault makes of the emulator's own answer. */
export function distortReply(answer: Distortion, own: AnswerReply): AnswerReply {
  const half = Math.floor(own.body.length / 2)
  switch (answer.kind) {
    case 'truncate':
      return { ...own, cutAt: half }
    case 'garbage':
      return { ...own, body: own.body.slice(0, Math.max(half, 1)) }
    case 'oversize':
      return { ...own, body: pad(own.body, answer.bytes ?? DEFAULT_OVERSIZE_BYTES) }
    case 'empty':
      return { ...own, body: new Uint8Array() }
    case 'content-type': {
      const headers = new Headers(own.headers)
      headers.set('content-type', answer.value)
      return { ...own, headers }
    }
    case 'drip':
      return { ...own, drip: { chunkBytes: answer.chunkBytes, intervalMs: answer.intervalMs } }
  }
}

function pad(body: Uint8Array, bytes: number): Uint8Array {
  const padded = new Uint8Array(Math.max(bytes, body.length)).fill(0x20)
  padded.set(body)
  return padded
}
