import { isFault } from '../../fault/fault.ts'
import { MINUTE } from '../../instant.ts'
import { isCurrent, type KeyView, observedView, publishedView } from '../../number/view.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { loadNumber } from './load.ts'
import { lookUpstream } from './look.ts'

/** A key read this recently is answered as it is. */
const FRESH_MS = MINUTE
/** Up to this age it is answered at once while the upstream is read behind the answer. */
const STALE_MS = 15 * MINUTE

export interface ReadKeyResult {
  readonly view: KeyView
  /** Work to be done after the answer, where the answer was stale. */
  readonly behind?: Promise<unknown>
}

/**
 * The key of a number and what its upstream says of it.
 * @param fresh go to the upstream whatever is remembered
 * @throws Fault not_found, upstream_*
 */
export async function readKey(
  services: Services,
  actor: Actor,
  { numberId, fresh }: { readonly numberId: string; readonly fresh: boolean },
): Promise<ReadKeyResult> {
  const loaded = await loadNumber(services, numberId)
  const { number, readable } = loaded
  if (!readable) return { view: publishedView(number, { readable: false, warnings: [] }) }
  const { observed } = number
  const age = observed === null ? Infinity : services.clock.now() - observed.at
  // A clock that went back makes an age negative: nothing is known of such a reading.
  const usable = !fresh && isCurrent(number, observed) && age >= 0 && age < STALE_MS
  if (!usable) {
    const { state, observation, reading } = await lookUpstream(services, loaded, actor)
    return {
      view: observedView(state, observation, { source: 'upstream', warnings: reading.warnings }),
    }
  }
  const view = observedView(number, observed, { source: 'cache', warnings: [] })
  if (age < FRESH_MS) return { view }
  const behind = lookUpstream(services, loaded, actor).catch((error: unknown) => {
    services.logger.log('warn', 'Cannot refresh a key behind a stale answer', {
      numberId,
      code: isFault(error) ? error.code : 'internal',
    })
  })
  return { view, behind }
}
