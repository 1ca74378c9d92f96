import { Hono } from 'hono'
import { bodyOf } from '../shared/body.ts'
import type { Emulator, Surroundings } from '../shared/emulator.ts'
import { readFields } from '../shared/fields.ts'
import { authenticate, readProof } from './auth.ts'
import type { Graph, GraphEnv } from './call.ts'
import { readEncryption, writeEncryption } from './encryption.ts'
import { GraphError, graphErrorResponse, isGraphCode } from './errors.ts'
import { noSuchNode } from './find.ts'
import { graphKnobs, type GraphKnobs } from './knobs.ts'
import { listNumbers, readNumber, readWaba } from './numbers.ts'
import { deregisterNumber, registerNumber, tellLost, tellRegistered } from './registration.ts'
import type { GraphSeed } from './seed.ts'
import { createGraphState } from './state.ts'
import { debugToken, readMe } from './tokens.ts'
import { throttledUsage } from './usage.ts'
import { createWebhook, type GraphWebhook, type WebhookView } from './webhook.ts'
import { resolveVersion } from './versions.ts'

/** The codes with which Meta throttles, in an HTTP 400. */
const THROTTLES = new Set([4, 80007, 130429])
const THROTTLED_MINUTES = 5

export interface GraphDetails {
  /** Null where no address was subscribed. */
  readonly webhook: WebhookView | null
}

export interface GraphEmulator extends Emulator<GraphKnobs, GraphDetails> {
  readonly webhook: GraphWebhook
  /** Sends what Meta does when a number was registered, or when its flows find its key gone. */
  tellRegistered(id: string): void
  tellLost(id: string): void
}

/** Emulates the parts of Meta's Graph API that carry a number's business public key. */
export function createGraph(seed: GraphSeed, surroundings: Surroundings): GraphEmulator {
  const state = createGraphState(seed)
  const knobs = graphKnobs()
  const webhook = createWebhook(surroundings.clock, seed.app.secret)
  const graph: Graph = { state, knobs, surroundings, webhook }
  let traces = 0
  const traceId = () => `ASandbox${String((traces += 1)).padStart(14, '0')}`

  const app = new Hono<GraphEnv>().basePath(surroundings.prefix)
  app.use(async (c, next) => {
    c.set('traceId', traceId())
    await next()
    c.header('x-fb-trace-id', c.var.traceId)
    c.header('x-fb-request-id', c.var.traceId)
  })
  app.use('/:version/*', async (c, next) => {
    const now = surroundings.clock.now()
    const version = resolveVersion(c.req.param('version'), now)
    if (version === null) throw unknownPath(c.req.path.slice(surroundings.prefix.length))
    const body = await bodyOf(c.req.raw)
    const fields = await readFields(c.req.header('content-type'), body)
    const parameter = (name: string) => c.req.query(name) ?? fields.values.get(name)
    const proof = readProof(c.req.header('authorization'), parameter)
    const token = authenticate(state, proof, knobs.current.requireAppSecret, now)
    c.set('call', { now, token, fields })
    await next()
    c.header('facebook-api-version', version)
  })
  app.get('/:version/me', (c) => readMe(c))
  app.get('/:version/debug_token', (c) => debugToken(graph, c))
  app.get('/:version/:id/whatsapp_business_encryption', (c) =>
    readEncryption(graph, c, c.req.param('id')),
  )
  app.post('/:version/:id/whatsapp_business_encryption', (c) =>
    writeEncryption(graph, c, c.req.param('id')),
  )
  app.get('/:version/:id/phone_numbers', (c) => listNumbers(graph, c, c.req.param('id')))
  app.post('/:version/:id/register', (c) => registerNumber(graph, c, c.req.param('id')))
  app.post('/:version/:id/deregister', (c) => deregisterNumber(graph, c, c.req.param('id')))
  app.get('/:version/:id', (c) => {
    const id = c.req.param('id')
    return state.wabas.has(id) ? readWaba(graph, c, id) : readNumber(graph, c, id)
  })
  app.all('/:version/:id/*', (c) => {
    throw noSuchNode(c.req.param('id'), c.req.method)
  })
  app.notFound((c) =>
    graphErrorResponse(unknownPath(c.req.path.slice(surroundings.prefix.length)), c.var.traceId),
  )
  app.onError((error, c) => {
    if (error instanceof GraphError) return graphErrorResponse(error, c.var.traceId)
    throw error
  })

  return {
    app,
    numbers: new Map([...state.numbers].map(([id, { slot }]) => [id, slot])),
    knobs,
    expireTokens() {
      const expiresAt = surroundings.clock.now()
      for (const [text, token] of state.tokens) state.tokens.set(text, { ...token, expiresAt })
    },
    details: () => ({ webhook: webhook.view() }),
    webhook,
    tellRegistered(id) {
      const number = state.numbers.get(id)
      if (number !== undefined) tellRegistered(graph, number)
    },
    tellLost(id) {
      const number = state.numbers.get(id)
      if (number !== undefined) tellLost(graph, number)
    },
    fail(code) {
      const number = Number(code)
      if (!isGraphCode(number)) return null
      const [wabaId] = [...state.wabas.keys()]
      const headers = THROTTLES.has(number)
        ? throttledUsage(wabaId ?? '0', THROTTLED_MINUTES)
        : undefined
      const error = new GraphError(number, headers === undefined ? {} : { headers })
      return graphErrorResponse(error, traceId())
    },
  }
}

function unknownPath(path: string): GraphError {
  return new GraphError(2500, { message: `Unknown path components: ${path}` })
}
