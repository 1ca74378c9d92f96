import {
  type Courier,
  type DeliveryState,
  Fault,
  type Instant,
  type Ledger,
  runDueTasks,
  type Services,
  taskHandlers,
  type TaskQueue,
} from '@latchkey/core'
import { createEndpoint, newEndpoint } from '@latchkey/core/deliveries'
import { seededRandom, type SimClock } from '@latchkey/core/testing'
import * as z from 'zod'
import { modelWorld } from './model-world.ts'
import { CALM } from './model-upstream.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
const SECRET = 'whsec_test'

/** Probabilities, for each message. */
export interface Mood {
  /** It is answered with 500, and not taken. */
  readonly refusals: number
  /** It is taken, and the answer gets lost. */
  readonly lostAnswers: number
}

/** A message that came. */
export interface Arrival {
  readonly subject: string
  readonly sequence: number
  readonly isTaken: boolean
}

export interface DeliveryWorld {
  readonly ledger: Ledger & TaskQueue
  readonly clock: SimClock
  readonly services: Services
  readonly endpointId: string
  /** Everything that came, in its order. */
  readonly arrivals: readonly Arrival[]
  mood: Mood
  /** Leaves an event of a subject. */
  tell(subject: string): Promise<void>
  /** Does what is due now. */
  work(by?: Services): Promise<void>
  /** Lets time pass, doing what becomes due as a poller would. */
  pass(ms: number): Promise<void>
  deliveries(): Promise<readonly DeliveryState[]>
}

/** One endpoint that is sent every token's events, over a real ledger, in time that stands still until moved. */
export async function deliveryWorld(options: {
  readonly ledger: Ledger & TaskQueue
  readonly seed: number
}): Promise<DeliveryWorld> {
  const { ledger, seed } = options
  const random = seededRandom(seed)
  const model = await modelWorld({ ledger, seed, weather: CALM, readable: true })
  const { clock } = model
  const arrivals: Arrival[] = []
  const world = { mood: { refusals: 0, lostAnswers: 0 } satisfies Mood as Mood }
  const courier: Courier = {
    admit: () => Promise.resolve(),
    async post({ body }) {
      const isTaken = random.fraction() >= world.mood.refusals
      arrivals.push({ ...subjectOf(body), isTaken })
      if (isTaken && random.fraction() < world.mood.lostAnswers) {
        throw new Fault('upstream_timeout', 'Cannot call webhook endpoint: no answer')
      }
      return { status: isTaken ? 204 : 500, retryAfterMs: null, durationMs: 0 }
    },
  }
  const services: Services = {
    ...model.services,
    courier,
    signWebhook: () => Promise.resolve({}),
  }
  const made = await newEndpoint(services, {
    id: 'whe_0123456789abcdef',
    url: 'https://hooks.example.com/',
    events: ['token.*'],
    connections: null,
    secret: SECRET,
    at: clock.now(),
  })
  const { id: endpointId } = await createEndpoint(services, { actor: ACTOR }, made)
  const work = async (by = services) => {
    let taken: number
    do {
      taken = await clock.until(runDueTasks(by, ledger, taskHandlers, { limit: 10 }))
    } while (taken > 0)
  }
  return Object.assign(world, {
    ledger,
    clock,
    services,
    endpointId,
    arrivals,
    work,
    async tell(subject: string) {
      const event = { type: 'token.created', at: clock.now(), actor: ACTOR, data: {} }
      await ledger.mutate({ kind: 'token', id: subject }, () => ({ result: null, events: [event] }))
    },
    async pass(ms: number) {
      const until: Instant = clock.now() + ms
      for (;;) {
        await work()
        const due = Math.max((await ledger.nextDue()) ?? until, clock.now())
        if (due >= until) break
        await clock.advance(Math.max(due - clock.now(), 1))
      }
      await clock.advance(until - clock.now())
    },
    async deliveries() {
      const { items } = await ledger.list<DeliveryState>({ kind: 'delivery', limit: 1000 })
      return items.map(({ state }) => state)
    },
  })
}

const payload = z.object({ data: z.object({ subject: z.string(), sequence: z.int() }) })

function subjectOf(body: string): Pick<Arrival, 'subject' | 'sequence'> {
  return payload.parse(JSON.parse(body)).data
}
