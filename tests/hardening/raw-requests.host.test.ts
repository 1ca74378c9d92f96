import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProcess, type ObservedProcess } from '../support/observed-process.ts'

const SILENCE_MS = 2_000
const SECRET = 'canary-in-the-query'

let server: ObservedProcess
beforeAll(async () => {
  server = await openProcess({})
})
afterAll(() => server.close())

/** Sends these very bytes and gives all that comes back before the connection ends. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(server.port, '127.0.0.1')
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    // A server that refuses may reset what it has not read.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(answer))
    socket.setTimeout(SILENCE_MS, () => socket.destroy())
    socket.write(text, 'latin1')
  })
}

const statusesOf = (answer: string) =>
  [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status))

const get = (target: string, host: string, ...headers: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, `Host: ${host}`, ...headers, 'Connection: close', '', ''].join('\r\n')

const post = (...headers: readonly string[]) =>
  ['POST /healthz HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n')

describe('the Host header', () => {
  // Whoever sits behind a proxy that lets only some paths through names another one here.
  test.each([
    'a/v1/tokens#',
    'a/v1/tokens?',
    'a\\v1\\tokens#',
    'user@a',
    'a b',
    '"><script>',
    'a#',
  ])('that is more than a host is refused: %s', async (host) => {
    const answer = await send(
      get(`/healthz?access_token=${SECRET}`, host, `Authorization: Bearer ${server.adminToken}`),
    )
    expect(statusesOf(answer)).toEqual([400])
    expect(answer).toContain('application/problem+json')
    expect(answer).not.toContain('<script')
  })

  // Caches and mails quote our addresses: the one that was asked for must not be kept for others.
  test('that is another host is told in answers that nobody may keep', async () => {
    const problem = await send(get('/nothing', 'evil.example'))
    expect(problem).toContain('"type":"http://evil.example/docs/errors/not_found"')
    expect(problem.toLowerCase()).toContain('\r\ncache-control: no-store\r\n')
    for (const path of ['/', '/docs', '/openapi.json', '/docs/errors/not_found', '/healthz']) {
      expect(await send(get(path, 'evil.example')), path).not.toContain('evil.example')
    }
  })

  test('that comes twice is refused', async () => {
    expect(statusesOf(await send(get('/healthz', 'a', 'Host: b')))).toEqual([400])
  })
})

describe('a request that two servers would cut differently', () => {
  const next = get('/readyz', 'localhost')

  // What is left over after one server's end of the request would be another caller's request at the next.
  test.each([
    [
      'both a length and chunks',
      post('Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
    ],
    ['two lengths', post('Content-Length: 5', 'Content-Length: 0')],
    ['a length with a sign', post('Content-Length: +5') + 'aaaaa'],
    ['an unknown encoding', post('Transfer-Encoding: xchunked') + '0\r\n\r\n'],
    ['chunks that are not last', post('Transfer-Encoding: chunked, identity') + '0\r\n\r\n'],
    ['a blank before the colon', post('Transfer-Encoding : chunked') + '0\r\n\r\n'],
    ['a folded header', post('X-A: 1\r\n Transfer-Encoding: chunked')],
    ['a carriage return in a header', post('X-Request-Id: abcdefgh\rX-B: 1')],
    ['a null in a header', post('X-Request-Id: abcdefgh\u0000')],
  ])('is refused, and nothing after it served: %s', async (_name, request) => {
    expect(statusesOf(await send(request + next))).toEqual([400])
  })

  test('is refused where its head has no end', async () => {
    const answer = await send(get('/healthz', 'localhost', `X-A: ${'a'.repeat(400_000)}`))
    expect(statusesOf(answer).every((status) => status === 400 || status === 431)).toBe(true)
    expect(answer).not.toContain('"status":"ok"')
  })
})

test.each(['TRACE / HTTP/1.1', 'CONNECT elsewhere.example:443 HTTP/1.1', 'PROPFIND / HTTP/1.1'])(
  '%s is no method here, and repeats nothing of the request',
  async (line) => {
    const head = [line, 'Host: localhost', `X-A: ${SECRET}`, 'Connection: close', '', '']
    const answer = await send(head.join('\r\n'))
    expect([404, 405]).toContain(statusesOf(answer)[0])
    expect(answer).not.toContain(SECRET)
  },
)

// The runtime prints what it did not catch as it is: with whole URLs, on as many lines as it likes.
test('all that was printed meanwhile is our own log, a line each, without a query', () => {
  expect(server.logs().length).toBeGreaterThan(10)
  for (const line of server.logs()) {
    expect(line).toMatch(/^\{.*\}$/)
    expect(line).not.toContain(SECRET)
    expect(line).not.toContain('"level":"error"')
  }
})
