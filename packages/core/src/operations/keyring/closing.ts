import { Fault } from '../../fault/fault.ts'
import { randomText } from '../../ids.ts'
import { MINUTE } from '../../instant.ts'
import { type Closing, type RingKeyState, ringKeyLabels } from '../../keyring/state.ts'
import { SETTLE_CLOSING } from '../../keyring/tasks.ts'
import type { Actor, Decision } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'

/** Longer than it takes to ask every connection that a key was used in. */
const ABANDONED_MS = 2 * MINUTE

/** A key that nothing new may use, by whoever holds the closing. */
export interface ClosedKey {
  readonly key: RingKeyState
  readonly closing: Closing
}

/**
 * Closes a key, so that what is looked up about its use from then on stays true. A closing that is there already is
 * taken over: whoever began it can neither end it nor take it back any more.
 * @throws Fault not_found
 */
export function closeKey(
  services: Services,
  id: string,
  { purpose, actor }: { readonly purpose: Closing['purpose']; readonly actor: Actor },
): Promise<ClosedKey> {
  const since = services.clock.now()
  const closing: Closing = { by: randomText(services.random, 16), purpose, actor, since }
  return services.ledger.mutate<RingKeyState, ClosedKey>({ kind: 'key', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find key "${id}"`)
    const key = { ...state, closing, updatedAt: since }
    return {
      result: { key, closing },
      next: key,
      labels: ringKeyLabels(key),
      tasks: [{ name: SETTLE_CLOSING, due: since + ABANDONED_MS }],
    }
  })
}

/** Lets numbers use a key again; nothing where somebody else has taken the closing over. */
export function reopenKey(services: Services, { key: { id }, closing }: ClosedKey): Promise<null> {
  return services.ledger.mutate<RingKeyState, null>({ kind: 'key', id }, (state) => {
    if (state?.closing?.by !== closing.by) return { result: null }
    const next = { ...state, closing: null, updatedAt: services.clock.now() }
    return {
      result: null,
      next,
      labels: ringKeyLabels(next),
      tasks: [{ name: SETTLE_CLOSING, due: null }],
    }
  })
}

/**
 * Does with a closed key what it was closed for.
 * @throws Fault conflict where somebody else has taken the closing over, or ended it
 */
export function endClosing<R>(
  services: Services,
  { key: { id }, closing }: ClosedKey,
  decide: (state: RingKeyState) => Decision<RingKeyState, R>,
): Promise<R> {
  return services.ledger.mutate<RingKeyState, R>({ kind: 'key', id }, (state) => {
    if (state?.closing?.by !== closing.by) {
      throw new Fault('conflict', `Cannot delete key "${id}": somebody else is deleting it`, {
        retryable: true,
      })
    }
    return { ...decide(state), tasks: [{ name: SETTLE_CLOSING, due: null }] }
  })
}
