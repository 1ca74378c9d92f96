import type { RingKeyState } from '../../keyring/state.ts'
import type { ListQuery, Page, Row } from '../../ledger/ledger.ts'
import { keyLabel, type KeyUse } from '../../number/ring.ts'
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
  /** Ask each connection itself, past the projection. */
  readonly strong: boolean
  /** How many numbers are named at most. */
  readonly limit: number
}

/** The nearest to an upstream first: it names the state of the key. */
const KEY_USES = ['active', 'staged', 'retiring'] as const satisfies readonly KeyUse[]
/** Of so few connections each is asked itself, so that what was just done shows. */
const ASKED_THEMSELVES_MAX = 4
const PAGE = 200

/** Which numbers have to do with a key, as far as who asks may know of them, and what that makes of it. */
export async function usageOf(
  services: Services,
  key: RingKeyState,
  { visible, strong, limit }: UsageQuery,
): Promise<KeyUsage> {
  const numbers = new Set<string>()
  let state: KeyStage = key.letGoAt === null ? 'staged' : 'retired'
  const places = placesOf(key, visible, strong)
  for (const use of KEY_USES) {
    for (const place of places) {
      for await (const number of numbersWith(services, key, use, place)) {
        if (numbers.size === 0) state = use
        numbers.add(number)
        if (numbers.size > limit) break
      }
    }
  }
  const named = [...numbers].slice(0, limit)
  return { state, numbers: named, hasMoreNumbers: numbers.size > limit }
}

interface Place extends Pick<ListQuery, 'within' | 'connections'> {
  /** Connections that were asked themselves. */
  readonly except?: readonly string[]
}

/** Where to look for numbers: in connections themselves, or in the projection of all, or of those that are visible. */
function placesOf(
  { connections, origin }: RingKeyState,
  visible: readonly string[] | null,
  strong: boolean,
): readonly Place[] {
  // Of one that was made here nobody knew anything before its connections were noted.
  if (origin === 'generated' && connections.length === 0) return []
  const seen = connections.filter((id) => visible?.includes(id) ?? true)
  const all: Place = visible === null ? {} : { connections: visible }
  if (!strong && seen.length > ASKED_THEMSELVES_MAX) return [all]
  const themselves = seen.map((within) => ({ within }))
  return origin === 'generated' ? themselves : [...themselves, { ...all, except: seen }]
}

async function* numbersWith(
  { ledger }: Services,
  { fingerprint }: RingKeyState,
  use: KeyUse,
  { except = [], ...place }: Place,
): AsyncGenerator<string> {
  let cursor: string | null = null
  do {
    const page: Page<Row<NumberState>> = await ledger.list<NumberState>({
      kind: 'number',
      where: { [keyLabel(fingerprint)]: use },
      ...place,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const { id, state } of page.items) if (!except.includes(state.connectionId)) yield id
    cursor = page.nextCursor
  } while (cursor !== null)
}
