import { SECOND } from '../../instant.ts'
import { type RingKeyState, ringKeyLabels } from '../../keyring/state.ts'
import { CARE } from '../../keyring/tasks.ts'
import type { Services } from '../../services.ts'

/** By then whoever announced it has let go. */
const LOOK_AFTER_MS = 10 * SECOND
/** Numbers of one rotation let go of a shared key together; told once, the key is looked at after all of them. */
const TELL_EVERY_MS = 5 * SECOND

/** Notes that a number is about to let go of keys: before it does, so that none is forgotten whoever dies. */
export async function announceLetGo(services: Services, keyIds: readonly string[]): Promise<void> {
  const now = services.clock.now()
  for (const id of keyIds) {
    await services.ledger.mutate<RingKeyState, null>({ kind: 'key', id }, (state) => {
      if (state === null || state.destroyedAt !== null) return { result: null }
      const { letGoAt, retiredAt } = state
      const isTold = letGoAt !== null && Math.abs(now - letGoAt) < TELL_EVERY_MS
      if (isTold && retiredAt === null) return { result: null }
      const next = { ...state, letGoAt: now, retiredAt: null, updatedAt: now }
      return {
        result: null,
        next,
        labels: ringKeyLabels(next),
        tasks: [{ name: CARE, due: now + LOOK_AFTER_MS }],
      }
    })
  }
}
