import type { AggregateKind, Ledger, Services } from '@latchkey/core'

/** A call to the ledger: the nth of its kind. */
export interface Stop {
  readonly ask: 'read' | 'mutate'
  readonly kind: AggregateKind
  readonly nth: number
}

/** The same services as a process has them that is held up before some of its calls, until each is let go. */
export function held(services: Services, stops: readonly Stop[]) {
  const counts = new Map<string, number>()
  const gates = stops.map((stop) => ({ stop, ...Promise.withResolvers<void>() }))
  const arrivals = stops.map(() => Promise.withResolvers<void>())
  const pass = async (ask: Stop['ask'], kind: AggregateKind): Promise<void> => {
    const name = `${ask} ${kind}`
    const nth = (counts.get(name) ?? 0) + 1
    counts.set(name, nth)
    const at = gates.findIndex(
      ({ stop }) => stop.ask === ask && stop.kind === kind && stop.nth === nth,
    )
    if (at === -1) return
    arrivals[at]?.resolve()
    await gates[at]?.promise
  }
  const { ledger } = services
  const holding: Ledger = {
    ...ledger,
    async read(key) {
      await pass('read', key.kind)
      return ledger.read(key)
    },
    async mutate(key, decide) {
      await pass('mutate', key.kind)
      return ledger.mutate(key, decide)
    },
  }
  return {
    services: { ...services, ledger: holding },
    arrived: (at: number) => arrivals[at]?.promise,
    letGo: (at: number) => gates[at]?.resolve(),
  }
}
