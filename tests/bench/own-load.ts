import { connect, type Socket } from 'node:net'
import type { Loader } from './loader.ts'
import { quantile } from './measure.ts'

const SECOND_MS = 1000

/**
 * Loads a server over bare sockets, as an HTTP client of Node’s would be slower than what it measures. Answers have to
 * tell their length.
 */
export const loadFromHere: Loader = async ({ url, headers }, { clients, seconds }) => {
  const { hostname, port, host, pathname, search } = new URL(url)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`
  const timings: number[] = []
  const until = performance.now() + seconds * SECOND_MS
  const send = async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    try {
      while (performance.now() < until) {
        const began = performance.now()
        socket.write(request)
        await answerFrom(socket)
        timings.push(performance.now() - began)
      }
    } finally {
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: clients }, send))
  const p99 = quantile(
    timings.toSorted((a, b) => a - b),
    0.99,
  )
  return { perSecond: timings.length / seconds, p99 }
}

/** Waits for one whole answer. @throws Error where it is no success, or the socket ends before */
function answerFrom(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const end = (error?: Error) => {
      socket.removeAllListeners()
      if (error === undefined) resolve()
      else reject(error)
    }
    socket.on('error', end)
    socket.on('close', () => end(new Error('Cannot load: the server closed the connection')))
    socket.on('data', (chunk) => {
      // One byte is one character, so that lengths are those of bytes.
      text += chunk.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      if (head === -1) return
      if (!text.startsWith('HTTP/1.1 2')) end(new Error(`Cannot load: ${text.slice(0, 80)}`))
      const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1])
      if (Number.isNaN(length)) end(new Error('Cannot load: an answer tells no length'))
      else if (text.length >= head + 4 + length) end()
    })
  })
}
