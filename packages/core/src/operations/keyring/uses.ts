import type { RingKeyState } from '../../keyring/state.ts'
import { holdLabel, type KeyUse, keyUses } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'

/** What a number has to do with a key. */
export interface FoundUse {
  readonly numberId: string
  readonly connectionId: string
  readonly use: KeyUse
}

type Sought = Pick<RingKeyState, 'fingerprint' | 'connections' | 'origin'>

/**
 * A number that uses the key, of all those that can; null where there is none. Only of a key that is closed is that
 * certain: of another, one may begin to meanwhile.
 */
export async function findUse(services: Services, key: Sought): Promise<FoundUse | null> {
  for (const connectionId of key.connections) {
    const found = await firstUse(services, key, connectionId)
    if (found !== null) return useOf(found, key)
  }
  return key.origin === 'generated' ? null : findEarlierUse(services, key)
}

/**
 * A key that was handed in may have been published as a PEM just before, and its number's connection not be noted.
 * What the projection tells of such a number is looked up.
 */
async function findEarlierUse(services: Services, key: Sought): Promise<FoundUse | null> {
  const told = await firstUse(services, key)
  if (told === null) return null
  const present = await services.ledger.read<NumberState>({ kind: 'number', id: told.id })
  return present === null ? null : useOf(present.state, key)
}

async function firstUse(
  { ledger }: Services,
  { fingerprint }: Sought,
  within?: string,
): Promise<NumberState | null> {
  const { items } = await ledger.list<NumberState>({
    kind: 'number',
    where: { [holdLabel(fingerprint)]: 'used' },
    ...(within === undefined ? {} : { within }),
    limit: 1,
  })
  return items[0]?.state ?? null
}

function useOf(state: NumberState, { fingerprint }: Sought): FoundUse | null {
  const use = keyUses(state).get(fingerprint)
  return use === undefined ? null : { numberId: state.id, connectionId: state.connectionId, use }
}
