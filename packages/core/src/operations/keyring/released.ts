import { isFault } from '../../fault/fault.ts'
import { DAY, HOUR, type Instant, SECOND } from '../../instant.ts'
import type { RingKeyState } from '../../keyring/state.ts'
import type { Actor, ListQuery, Page, Row } from '../../ledger/ledger.ts'
import { forgetReleased, holdLabel } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'
import { mutateNumber, numberDecision } from '../key/commit.ts'
import { withConnection } from '../key/load.ts'
import { lookUpstream } from '../key/look.ts'
import { isReadable } from '../key/readable.ts'

const PAGE = 50
/** A turn of the task; what is left is looked at in the next one. */
const TURN_MS = 20 * SECOND
const OUT_OF_REACH_AGAIN_MS = HOUR
/** Somebody has put it there again, or our own write of something else never came to be: that takes people. */
const STILL_THERE_AGAIN_MS = DAY

/**
 * Reads every number afresh that has let go of a key, or shows it without being asked to, and has each forget it where
 * it is gone. Null where none is left that could still have it; otherwise when to look again.
 */
export async function lookAtReleased(
  services: Services,
  key: RingKeyState,
  actor: Actor,
): Promise<Instant | null> {
  const began = services.clock.now()
  let again: Instant | null = null
  for await (const number of suspects(services, key)) {
    const pause = await lookAt(services, number, { key, actor })
    const now = services.clock.now()
    if (pause > 0) again = Math.min(again ?? Infinity, now + pause)
    if (now - began > TURN_MS) return now
  }
  return again
}

async function* suspects(
  services: Services,
  { fingerprint, connections }: RingKeyState,
): AsyncGenerator<NumberState> {
  const label = holdLabel(fingerprint)
  for (const within of connections) {
    yield* numbersWhere(services, { where: { [label]: 'released' }, within })
    yield* numbersWhere(services, { where: { [label]: 'seen' }, within })
  }
  // A number that was deleted, and is there again.
  yield* numbersWhere(services, { where: { [label]: 'seen' } })
}

export async function* numbersWhere(
  { ledger }: Services,
  query: Pick<ListQuery, 'where' | 'within'>,
): AsyncGenerator<NumberState> {
  let cursor: string | null = null
  do {
    const page: Page<Row<NumberState>> = await ledger.list<NumberState>({
      kind: 'number',
      ...query,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const { state } of page.items) yield state
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** How long the key has to wait for this number; 0 where it is gone from there. */
async function lookAt(
  services: Services,
  number: NumberState,
  { key, actor }: { readonly key: RingKeyState; readonly actor: Actor },
): Promise<number> {
  const readable = isReadable(services, number)
  try {
    // A write whose outcome nobody knows may still arrive.
    if (number.doubt !== null) return OUT_OF_REACH_AGAIN_MS
    if (readable) {
      const loaded = await withConnection(services, number)
      const { observation } = await lookUpstream(services, loaded, actor)
      if (observation.fingerprint === key.fingerprint) return STILL_THERE_AGAIN_MS
    }
    await mutateNumber(services, number.id, (state) => {
      const step = forgetReleased(state, key.id, services.clock.now())
      if (step.next === state) return { result: null }
      return numberDecision(step, { readable, result: null })
    })
    return 0
  } catch (error) {
    if (!isFault(error)) throw error
    // Deleted meanwhile.
    if (error.code === 'not_found') return 0
    return OUT_OF_REACH_AGAIN_MS
  }
}
