import { Fault } from '../../fault/fault.ts'
import {
  newRingKey,
  privateKeyPlace,
  type RingKeyState,
  ringKeyLabels,
} from '../../keyring/state.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { keyCreated } from './created.ts'
import { takePair } from './pool.ts'

/**
 * The held key with this id, made where there is none yet, and stored for good before this answers. Asked twice at once,
 * or again after a crash, it is the same key: a pair that came second was never used, and is forgotten.
 * @throws Fault conflict where the id was of a key that was deleted
 */
export async function provideRingKey(
  services: Services,
  actor: Actor,
  {
    id,
    label,
    connections = [],
  }: {
    readonly id: string
    readonly label: string | null
    /** Where it is about to be used, where that is known. */
    readonly connections?: readonly string[]
  },
): Promise<RingKeyState> {
  const key = { kind: 'key', id } as const
  const known = await services.ledger.read<RingKeyState>(key)
  if (known !== null) return known.state
  const { publicKey, privateKey } = await takePair(services)
  const sealed = await services.sealer.seal(privateKey, privateKeyPlace(id))
  const at = services.clock.now()
  const pair = { publicKey, privateKey: sealed }
  const next = newRingKey({ id, label, origin: 'generated', connections, ...pair, at })
  return services.ledger.mutate<RingKeyState, RingKeyState>(key, (state, version) => {
    if (state !== null) return { result: state }
    if (version > 0) throw new Fault('conflict', `Cannot use key "${id}": it was deleted`)
    return { result: next, next, labels: ringKeyLabels(next), events: [keyCreated(next, actor)] }
  })
}
