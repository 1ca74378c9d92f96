import type { RingKeyState } from '../../keyring/state.ts'
import type { ListQuery, Page, Row } from '../../ledger/ledger.ts'
import { holdLabel, keyLabel, type KeyUse, keyUses } from '../../number/ring.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'

export type KeyStage = KeyUse | 'retired'

export interface KeyUsage {
  readonly state: KeyStage
  /** Ids, those nearest to their upstream first. */
  readonly numbers: readonly string[]
  /** There are more numbers than were asked for. */
  readonly hasMoreNumbers: boolean
}

export interface UsageQuery {
  /** The connections that who asks is limited to; null: all. */
  readonly visible: readonly string[] | null
  /** Of a key that was used in so many connections at most, each is asked itself, past the projection. */
  readonly askedThemselves: number
  /** How many numbers are named at most. */
  readonly limit: number
}

/** The nearest to an upstream first: it names the state of the key. */
const KEY_USES = ['active', 'staged', 'retiring'] as const satisfies readonly KeyUse[]
const PAGE = 200

/** Which numbers have to do with a key, as far as who asks may know of them, and what that makes of it. */
export async function usageOf(
  services: Services,
  key: RingKeyState,
  { visible, askedThemselves, limit }: UsageQuery,
): Promise<KeyUsage> {
  const places = placesOf(key, visible, askedThemselves)
  const found = new Map<string, KeyUse>()
  for await (const { id, state } of using(services, key, places)) {
    const use = keyUses(state).get(key.fingerprint)
    if (use !== undefined) found.set(id, use)
    if (found.size > limit) break
  }
  const hasMoreNumbers = found.size > limit
  const numbers = KEY_USES.flatMap((use) => [...found.keys()].filter((id) => found.get(id) === use))
  const [first = ''] = numbers
  const nearest = hasMoreNumbers ? await nearestUse(services, key, places) : found.get(first)
  return {
    state: nearest ?? (key.letGoAt === null ? 'staged' : 'retired'),
    numbers: numbers.slice(0, limit),
    hasMoreNumbers,
  }
}

interface Place extends Pick<ListQuery, 'within' | 'connections'> {
  /** Connections that were asked themselves. */
  readonly except?: readonly string[]
}

/** Where to look for numbers: in connections themselves, or in the projection of all, or of those that are visible. */
function placesOf(
  { connections, origin }: RingKeyState,
  visible: readonly string[] | null,
  askedThemselves: number,
): readonly Place[] {
  // Of one that was made here nobody knew anything before its connections were noted.
  if (origin === 'generated' && connections.length === 0) return []
  const seen = connections.filter((id) => visible?.includes(id) ?? true)
  const all: Place = visible === null ? {} : { connections: visible }
  if (seen.length > askedThemselves) return [all]
  const themselves = seen.map((within) => ({ within }))
  return origin === 'generated' ? themselves : [...themselves, { ...all, except: seen }]
}

async function* using(
  { ledger }: Services,
  { fingerprint }: RingKeyState,
  places: readonly Place[],
): AsyncGenerator<Row<NumberState>> {
  for (const { except = [], ...place } of places) {
    let cursor: string | null = null
    do {
      const page: Page<Row<NumberState>> = await ledger.list<NumberState>({
        kind: 'number',
        where: { [holdLabel(fingerprint)]: 'used' },
        ...place,
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
      yield* page.items.filter(({ state }) => !except.includes(state.connectionId))
      cursor = page.nextCursor
    } while (cursor !== null)
  }
}

/** The use nearest to an upstream, where there are too many numbers to look at each. */
async function nearestUse(
  { ledger }: Services,
  { fingerprint }: RingKeyState,
  places: readonly Place[],
): Promise<KeyUse | undefined> {
  for (const use of KEY_USES) {
    for (const { except: _, ...place } of places) {
      const where = { [keyLabel(fingerprint)]: use }
      const { items } = await ledger.list({ kind: 'number', where, ...place, limit: 1 })
      if (items.length > 0) return use
    }
  }
  return undefined
}
