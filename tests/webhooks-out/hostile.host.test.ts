import { createServer, type RequestListener, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  deliveriesTo,
  makeEndpoint,
  makeSubject,
  rename,
  takenOf,
} from '../api/harness/endpoints.ts'
import { eventually } from '../api/harness/eventually.ts'
import { type ReceiverServer, startReceivers } from '../api/harness/receiver.ts'
import { newReceiver } from '../api/harness/receiver-control.ts'
import { type ObservedProcess, openProcess } from '../support/observed-process.ts'

const ROUNDS = 4
const FLOOD = new Uint8Array(64 * 1024)
const TIMEOUT_MS = 60_000

/** A receiver that does as it likes, and how often it was come to. */
interface Hostile {
  readonly url: string
  requests(): number
  readonly server: Server
}

async function hostile(listener: RequestListener): Promise<Hostile> {
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    requests += 1
    // A sender that hangs up is what is hoped for.
    outgoing.on('error', () => {})
    listener(incoming, outgoing)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot listen on TCP')
  return { url: `http://127.0.0.1:${address.port}/`, requests: () => requests, server }
}

let api: ObservedProcess
let receivers: ReceiverServer
let inside: Hostile
let crowd: Readonly<Record<'silent' | 'endless' | 'redirecting', Hostile>>

beforeAll(async () => {
  receivers = await startReceivers()
  api = await openProcess({})
  inside = await hostile((_, outgoing) => outgoing.end('inside'))
  crowd = {
    silent: await hostile(() => {}),
    endless: await hostile((_, outgoing) => {
      outgoing.writeHead(200)
      const pour = () => {
        while (outgoing.write(FLOOD));
      }
      outgoing.on('drain', pour)
      pour()
    }),
    redirecting: await hostile((_, outgoing) => {
      outgoing.writeHead(307, { location: inside.url }).end()
    }),
  }
})
afterAll(async () => {
  // First: a server that stops waits for the answers that it is owed.
  for (const { server } of [inside, ...Object.values(crowd)]) {
    server.closeAllConnections()
    server.close()
  }
  await api.close()
  await receivers.close()
})

// Some receivers never answer, some answer without end, some send us on to what only we can reach.
test(
  'hostile receivers keep no other endpoint waiting',
  async () => {
    const good = newReceiver(receivers.url)
    const subject = await makeSubject(api)
    const ids = {
      silent: await makeEndpoint(api, crowd.silent.url),
      endless: await makeEndpoint(api, crowd.endless.url),
      redirecting: await makeEndpoint(api, crowd.redirecting.url),
    }
    await makeEndpoint(api, good.url, ['connection.updated'])
    for (let round = 1; round <= ROUNDS; round += 1) {
      await rename(api, subject, `round ${round}`)
      const received = await eventually(
        () => good.received(),
        (messages) => messages.length >= round,
      )
      expect(received).toHaveLength(round)
    }
    expect(takenOf(await good.received(), subject)).toEqual([2, 3, 4, 5])
    expect(crowd.silent.requests()).toBeGreaterThan(0)
    const endless = () => deliveriesTo(api, ids.endless.id)
    const delivered = await eventually(endless, ([first]) => first?.status === 'delivered')
    expect(delivered[0]).toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] })
    const [refused] = (await deliveriesTo(api, ids.redirecting.id)).toReversed()
    expect(refused).toMatchObject({ status: 'pending', attempts: [{ status: 307 }] })
    expect(inside.requests()).toBe(0)
  },
  TIMEOUT_MS,
)
