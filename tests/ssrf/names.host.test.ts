import { HOSTILE_RESOLUTIONS } from '@latchkey/http/fixtures'
import { providers } from '@latchkey/providers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { type Listener, listen } from '../support/listener.ts'
import { openSuccessor, type Successor } from './inside.ts'
import { makePlace } from './place.ts'
import { makeGoods, type Place, WAYS_OUT } from './ways-out.ts'

const LOCAL = '127.0.0.2'

let api: HostHarness
let inside: Listener
beforeEach(async () => {
  api = await openHostHarness()
  inside = await listen()
})
afterEach(async () => {
  await api.close()
  await inside.close()
})

function connect(by: Successor, baseUrl: string): Promise<Place> {
  return makePlace(by, by.services, { provider: 'onprem', baseUrl })
}

/** Every answer of every operation, as text. */
async function answersOf(by: Successor, place: Place): Promise<readonly string[]> {
  const goods = await makeGoods()
  const answers: string[] = []
  for (const operation of providers.get('onprem')?.operationNames ?? []) {
    for (const { method, path, json } of WAYS_OUT[operation](place, goods)) {
      answers.push((await by.call(method, path, json === undefined ? {} : { json })).text)
    }
  }
  return answers
}

describe('a name through the whole program', () => {
  // The attacker's own DNS zone names addresses that only we can reach.
  test.each(HOSTILE_RESOLUTIONS)('that resolves to %s is not dialed', async (_name, addresses) => {
    const program = await openSuccessor(api.folder, {
      allowPrivate: '',
      resolve: async () => addresses,
    })
    try {
      const place = await connect(program, `https://wa.example.com:${inside.port}`)
      for (const answer of await answersOf(program, place)) {
        expect(answer).toContain('upstream_unavailable')
        // Where a name leads is not told to whom may only make connections.
        expect(answer).not.toMatch(/127\.0|169\.254|10\.1\.2|::/)
      }
      expect(inside.connections()).toBe(0)
    } finally {
      await program.queue.close()
    }
  })

  // DNS rebinding: an allowed address for the check, another one of loopback a moment later for the dial.
  // Elsewhere than on Linux, loopback has but one address to listen on.
  test.skipIf(process.platform !== 'linux')(
    'that resolves differently each time is dialed where it was checked (needs Linux)',
    async () => {
      const outside = await listen(undefined, { host: LOCAL, port: inside.port })
      let asked = 0
      const resolve = async () => {
        asked += 1
        return [asked % 2 === 1 ? LOCAL : '127.0.0.1']
      }
      const program = await openSuccessor(api.folder, { allowPrivate: LOCAL, resolve })
      try {
        const place = await connect(program, `http://wa.example.com:${inside.port}`)
        const answers = await answersOf(program, place)
        expect(answers.length).toBeGreaterThan(3)
        expect(asked).toBeGreaterThan(answers.length)
        expect(outside.connections()).toBeGreaterThan(0)
        expect(inside.connections()).toBe(0)
      } finally {
        await program.queue.close()
        await outside.close()
      }
    },
  )
})

// An upstream that was taken over sends us on to what only we can reach.
test.each([301, 302, 303, 307, 308])('a redirect inside is not followed: %i', async (status) => {
  const location = `http://127.0.0.1:${inside.port}/v1/health`
  const outside = await listen((socket) => {
    const head = `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
    socket.on('data', () => socket.write(head))
  })
  const program = await openSuccessor(api.folder, { allowPrivate: '127.0.0.1' })
  try {
    const place = await connect(program, `http://127.0.0.1:${outside.port}`)
    for (const answer of await answersOf(program, place)) {
      expect(answer).toContain('upstream_malformed')
      expect(answer).not.toContain(String(inside.port))
    }
    expect(outside.connections()).toBeGreaterThan(0)
    expect(inside.connections()).toBe(0)
  } finally {
    await program.queue.close()
    await outside.close()
  }
})
