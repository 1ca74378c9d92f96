import type { AggregateKey, Decision, Ledger } from '@latchkey/core'
import type { LedgerNamespace } from '@latchkey/ledger/durable-object'

/**
 * A ledger that has the object of a new connection made where its configuration wants it. The platform heeds the wish
 * of whoever gets an object first, and never moves one: a region that is changed later changes nothing.
 * @param report takes why an object could not be made; whoever asks for it next makes it, near themselves
 */
export function placingObjects(
  ledger: Ledger,
  namespace: LedgerNamespace,
  report: (error: unknown) => void,
): Ledger {
  return {
    ...ledger,
    async mutate<S, R>(
      key: AggregateKey,
      decide: (state: S | null, version: number) => Decision<S, R>,
    ) {
      const wish: { region: string | null } = { region: null }
      const result = await ledger.mutate<S, R>(key, (state, version) => {
        const decision = decide(state, version)
        const isNew = key.kind === 'connection' && version === 0
        wish.region = isNew ? regionOf(decision.next) : null
        return decision
      })
      if (wish.region !== null) {
        const stub = namespace.getByName(key.id, { locationHint: wish.region })
        await stub.lay().catch(report)
      }
      return result
    },
  }
}

/** What a connection's configuration has as its region. */
function regionOf(state: unknown): string | null {
  const config = memberOf(state, 'config')
  const region = memberOf(config, 'region')
  return typeof region === 'string' ? region : null
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
