import type { Dispatcher } from 'undici'
import { Arriving } from './arriving.ts'
import { decodeContent } from './decode-content.ts'
import { type Connections, giveBack } from './pools.ts'
import { socketFailure } from './socket-failure.ts'
import type { TransportRequest, TransportResponse } from './transport.ts'

/**
 * Sends a request once, on a connection of the pool, and takes in its answer. Nothing of it has left before the pool
 * has a connection for it that stands.
 */
export async function dispatch(
  connections: Connections,
  request: TransportRequest,
): Promise<TransportResponse> {
  if (connections.returning !== null) await connections.returning
  const { url, method, headers, body, signal } = request
  return new Promise((resolve, reject) => {
    let sending: Dispatcher.DispatchController | null = null
    let answer: Arriving | null = null
    const fail = (error: Error | null) => {
      if (error !== null) answer?.fail(error)
      reject(socketFailure(error, { sent: sending !== null }))
    }
    const stop = () => {
      if (sending === null) fail(null)
      else sending.abort(new Error('Cannot go on: it was stopped'))
    }
    if (signal.aborted) {
      stop()
      return
    }
    signal.addEventListener('abort', stop)
    connections.pool.dispatch(
      {
        path: `${url.pathname}${url.search}`,
        method,
        // Answers are small; what is not compressed cannot be a bomb.
        headers: { 'accept-encoding': 'identity', ...headers },
        body,
      },
      {
        onRequestStart(controller) {
          // It waited for a connection too long. Nor is it ever sent again by itself: whether it may be is decided
          // above, where it is known to be harmless.
          if (signal.aborted || sending !== null) throw new Error('Cannot send: it was given up')
          sending = controller
        },
        onResponseStart(controller, status, given) {
          // Interim answers (RFC 9110 §15.2).
          if (status < 200) return
          const fields = headersOf(given)
          answer = new Arriving(controller)
          resolve({
            status,
            headers: fields,
            body: decodeContent(answer, fields.get('content-encoding')),
          })
        },
        onResponseData(_controller, chunk) {
          answer?.push(chunk)
        },
        onResponseEnd() {
          answer?.end()
          giveBack(connections)
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  })
}

function headersOf(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(given)) {
    if (typeof values === 'string') headers.append(name, values)
    else for (const value of values ?? []) headers.append(name, value)
  }
  return headers
}
