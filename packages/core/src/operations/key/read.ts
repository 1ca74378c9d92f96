import type { OpenConnection } from '../../connection/open.ts'
import { isFault } from '../../fault/fault.ts'
import { MINUTE } from '../../instant.ts'
import type { NumberState, Observation } from '../../number/state.ts'
import {
  isCurrent,
  type KeyView,
  observedView,
  pendingWarnings,
  publishedView,
} from '../../number/view.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { loadNumber, withConnection } from './load.ts'
import { lookUpstream } from './look.ts'
import { isReadable } from './readable.ts'

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
 * The key of a number and what its upstream says of it. What is remembered is answered without opening anything.
 * @param number as it is, where it is to be read afresh; else it may be as it was a minute ago
 * @param fresh go to the upstream whatever is remembered
 * @param connection the number's, where it has just been opened
 * @throws Fault upstream_*
 */
export async function readKey(
  services: Services,
  actor: Actor,
  {
    number,
    fresh,
    connection = null,
  }: {
    readonly number: NumberState
    readonly fresh: boolean
    readonly connection?: OpenConnection | null
  },
): Promise<ReadKeyResult> {
  if (!isReadable(services, number)) {
    return { view: publishedView(number, { readable: false, warnings: pendingWarnings(number) }) }
  }
  const look = async () => {
    // What is answered from may be a minute old; what is called with, and recorded, must not.
    const loaded = await (fresh
      ? withConnection(services, number, connection)
      : loadNumber(services, number.id))
    return lookUpstream(services, loaded, actor)
  }
  const { observed } = number
  const age = observed === null ? Infinity : services.clock.now() - observed.at
  // A clock that went back makes an age negative: nothing is known of such a reading.
  const usable = !fresh && isCurrent(number, observed) && age >= 0 && age < STALE_MS
  if (!usable) {
    const { state, observation, reading } = await look()
    const warnings = [...pendingWarnings(state), ...reading.warnings]
    return { view: observedView(state, observation, { source: 'upstream', warnings }) }
  }
  const view = rememberedView(number, observed)
  if (age < FRESH_MS) return { view }
  const behind = look().catch((error: unknown) => {
    services.logger.log('warn', 'Cannot refresh a key behind a stale answer', {
      numberId: number.id,
      code: isFault(error) ? error.code : 'internal',
    })
  })
  return { view, behind }
}

/** By stored state, which is never changed in place: what is read all the time need not be put into words each time. */
const rememberedViews = new WeakMap<NumberState, KeyView>()

function rememberedView(number: NumberState, observed: Observation): KeyView {
  const known = rememberedViews.get(number)
  if (known !== undefined) return known
  const warnings = pendingWarnings(number)
  const view = observedView(number, observed, { source: 'cache', warnings })
  rememberedViews.set(number, view)
  return view
}
