import type {
  Actor,
  AggregateKey,
  Decision,
  Event,
  EventDraft,
  Instant,
  Ledger,
} from '@latchkey/core'

/** Far enough away that no alarm of the engine itself goes off. */
export const NOW: Instant = Date.UTC(2100, 0, 1)

export const CONNECTION = 'con_c0nnect10nc0nnec'
export const OTHER_CONNECTION = 'con_0therc0nnect10na'
export const THIRD_CONNECTION = 'con_th1rdc0nnect10na'

/** A number of a connection; `n` tells it from the others. */
export function numberKey(n: number, connection = CONNECTION): AggregateKey {
  return {
    kind: 'number',
    id: `num_${connection.slice('con_'.length)}${String(n).padStart(12, '0')}`,
  }
}

export function tokenKey(n: number): AggregateKey {
  return { kind: 'token', id: `tok_${String(n).padStart(16, '0')}` }
}

/** One aggregate of the registry and one of a connection: what holds for one has to hold for both. */
export const PLACES = [
  ['in the registry', tokenKey],
  ['in a connection', (n: number) => numberKey(n)],
] as const

export const actor: Actor = { kind: 'system', id: 'suite' }

export interface Counter {
  readonly count: number
}

export function step(
  at: Instant,
  data: EventDraft['data'] = {},
  type = 'counter.step',
): EventDraft {
  return { type, at, actor, data }
}

/** Adds one, and says so in an event. */
export function increment(state: Counter | null): Decision<Counter, number> {
  const count = (state?.count ?? 0) + 1
  return { result: count, next: { count }, labels: {}, events: [step(NOW, { step: count })] }
}

/** Puts a state with labels, whatever was there. */
export function put(
  ledger: Ledger,
  key: AggregateKey,
  labels: Readonly<Record<string, string>> = {},
): Promise<null> {
  return ledger.mutate<Counter, null>(key, (state) => ({
    result: null,
    next: { count: (state?.count ?? 0) + 1 },
    labels,
  }))
}

export function bury(ledger: Ledger, key: AggregateKey): Promise<null> {
  return ledger.mutate(key, () => ({ result: null, next: null }))
}

export function record(ledger: Ledger, key: AggregateKey, ...events: EventDraft[]): Promise<null> {
  return ledger.mutate(key, () => ({ result: null, events }))
}

/** The version that the next decision on a key is given. */
export function versionOf(ledger: Ledger, key: AggregateKey): Promise<number> {
  return ledger.mutate(key, (_, version) => ({ result: version }))
}

const PAGE = 200

/** All events of a subject, over as many pages as it takes. */
export async function chainOf(ledger: Ledger, key: AggregateKey): Promise<Event[]> {
  const events: Event[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Ledger['events']>> = await ledger.events({
      subject: key.id,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    events.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return events
}
