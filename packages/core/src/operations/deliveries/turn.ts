import { type DeliveryState } from '../../delivery/delivery.ts'
import { type EndpointState, endpointKey } from '../../delivery/endpoint.ts'
import { dueOf, type Line, linesOf } from '../../delivery/queue.ts'
import { turnsOf } from '../../delivery/turns.ts'
import { DAY, HOUR, type Instant, SECOND } from '../../instant.ts'
import type { Event, Wake } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { abandonDeliveries, forgetDeliveries, pruneDeliveries } from './clear.ts'
import { sendDelivery } from './send.ts'
import { type Taken, takeEvents } from './take.ts'

/** Attempts that began by then end well within the lease of a task. */
const TURN_MS = 20 * SECOND
/** Where no place was free to send from. */
const BUSY_MS = SECOND
/** An endpoint with so many deliveries under way takes no further events: the log keeps them. */
const WINDOW = 1_000
/** How often an endpoint that nothing happens to is looked at: what has ended long ago has to go. */
const IDLE_MS = 6 * HOUR
const LINES_AT_ONCE = 4
const LINES_AT_ONCE_IF_LIMITED = 2

/** The task of an endpoint: takes what has arrived, sends what is due, and says when there will be more to do. */
export async function deliver(
  services: Services,
  endpointId: string,
): Promise<Instant | Wake | null> {
  const { clock, courier, upstream } = services
  const endpoint = await readEndpoint(services, endpointId)
  if (endpoint === null) {
    await forgetDeliveries(services, endpointId)
    return null
  }
  const release = turnsOf(courier, upstream.callsAtOnce).take(endpoint.failingSince !== null)
  if (release === null) return clock.now() + BUSY_MS
  try {
    return await takeTurn(services, endpoint)
  } finally {
    release()
  }
}

async function takeTurn(services: Services, first: EndpointState): Promise<Instant | Wake | null> {
  const { clock } = services
  const until = clock.now() + TURN_MS
  for (let endpoint: EndpointState | null = first; ;) {
    if (endpoint === null) return clock.now()
    await pruneDeliveries(services, endpoint)
    if (endpoint.disabled !== null) {
      await abandonDeliveries(services, endpoint)
      return clock.now() + DAY
    }
    const waiting = await pendingOf(services, endpoint)
    const taken = waiting.length < WINDOW ? await takeEvents(services, endpoint) : null
    const pending = taken === null ? waiting : await pendingOf(services, endpoint)
    const sent = await sendLines(services, endpoint, {
      lines: linesOf(pending),
      events: new Map(taken?.wanted.map((event) => [event.id, event])),
      until,
    })
    const isDone = sent === 0 && taken?.hasMore !== true
    endpoint = await readEndpoint(services, endpoint.id)
    if (endpoint !== null && isDone) return restOf(services, endpoint, { pending, taken })
    if (clock.now() >= until) return clock.now()
  }
}

/** How many attempts were made. */
async function sendLines(
  services: Services,
  endpoint: EndpointState,
  {
    lines,
    events,
    until,
  }: {
    readonly lines: readonly Line[]
    /** Those that are at hand. */
    readonly events: ReadonlyMap<string, Event>
    readonly until: Instant
  },
): Promise<number> {
  const { clock, upstream } = services
  const isLimited = upstream.callsAtOnce !== undefined
  const ready = lines.filter((line) => (dueOf(line, clock.now()) ?? Infinity) <= clock.now())
  const next = ready.values()
  let sent = 0
  const sendNext = async (): Promise<void> => {
    for (const line of next) {
      for (const { id, event } of line) {
        const present = clock.now() < until ? await readEndpoint(services, endpoint.id) : null
        if (present === null || !isOpen(present, clock.now())) return
        sent += 1
        if (!(await sendDelivery(services, present, { id, event: events.get(event.id) ?? null })))
          break
      }
    }
  }
  // One that fails may be one that never answers: it is tried with one delivery after the other.
  const atOnce = isLimited ? LINES_AT_ONCE_IF_LIMITED : LINES_AT_ONCE
  const workers = endpoint.failingSince === null ? atOnce : 1
  await Promise.all(Array.from({ length: workers }, sendNext))
  return sent
}

function isOpen({ disabled, pausedUntil }: EndpointState, now: Instant): boolean {
  return disabled === null && !isPaused(pausedUntil, now)
}

/** A pause further ahead than anybody can ask for was set before the clock went back. */
function isPaused(until: Instant | null, now: Instant): until is Instant {
  return until !== null && now < until && until <= now + DAY
}

/** When the endpoint is to be looked at again. */
function restOf(
  { clock }: Services,
  { pausedUntil }: EndpointState,
  { pending, taken }: { readonly pending: readonly DeliveryState[]; readonly taken: Taken | null },
): Instant | Wake {
  const now = clock.now()
  const dues = linesOf(pending).map((line) => dueOf(line, now) ?? Infinity)
  const due = Math.min(...dues, now + IDLE_MS)
  const at = isPaused(pausedUntil, now) ? Math.max(due, pausedUntil) : due
  // Without room for what arrives, there is nothing to be woken for.
  return taken === null ? at : { at, after: taken.last }
}

async function pendingOf(
  { ledger }: Services,
  { id }: EndpointState,
): Promise<readonly DeliveryState[]> {
  const where = { queue: id }
  const { items } = await ledger.list<DeliveryState>({ kind: 'delivery', where, limit: 2 * WINDOW })
  return items.map(({ state }) => state)
}

async function readEndpoint({ ledger }: Services, id: string): Promise<EndpointState | null> {
  const snapshot = await ledger.read<EndpointState>(endpointKey(id))
  return snapshot?.state ?? null
}
