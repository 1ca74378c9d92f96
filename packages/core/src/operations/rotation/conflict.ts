import { Fault } from '../../fault/fault.ts'
import { isFailed } from '../../rotation/reopen.ts'
import type { Entry, RotationState, StripeState } from '../../rotation/state.ts'
import type { Services } from '../../services.ts'

const PAGE = 50

/**
 * Makes sure that no other running rotation has one of the numbers. Whoever starts a rotation first stores its stripes
 * and then asks this: so of two at the same time at least one sees the other.
 * @param over the rotation that is rolled back: whatever it has begun, and does not run to begin anew, is brought back
 * @throws Fault conflict, naming the other
 */
export async function requireFree(
  services: Services,
  wanted: ReadonlyMap<string, readonly { readonly numberId: string }[]>,
  {
    rotationId,
    over = null,
  }: { readonly rotationId: string | null; readonly over?: string | null },
): Promise<void> {
  for (const [connectionId, numbers] of wanted) {
    const ids = new Set(numbers.map(({ numberId }) => numberId))
    for await (const stripe of runningStripes(services, connectionId)) {
      if (stripe.rotationId === rotationId) continue
      const taken = stripe.entries.find((entry) => ids.has(entry.numberId) && isOpen(entry, stripe))
      if (taken === undefined || (await isIdle(services, stripe, over))) continue
      throw new Fault(
        'conflict',
        `Cannot rotate: number "${taken.numberId}" is in rotation "${stripe.rotationId}", which is running`,
      )
    }
  }
}

async function* runningStripes(
  services: Services,
  connectionId: string,
): AsyncGenerator<StripeState> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof services.ledger.list<StripeState>>> =
      await services.ledger.list<StripeState>({
        kind: 'stripe',
        where: { running: 'true' },
        within: connectionId,
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const { state } of page.items) yield state
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** What has failed is open again as soon as its stripe is armed. */
function isOpen(entry: Entry, { isArmed }: StripeState): boolean {
  return !entry.done || (!isArmed && isFailed(entry))
}

/** A rotation that does not run begins with no further number; what it has begun it still ends. */
async function isIdle(
  services: Services,
  { rotationId, entries, isArmed }: StripeState,
  over: string | null,
): Promise<boolean> {
  // It is just being started, or tried again.
  if (!isArmed) return false
  const isEnding = entries.some(({ done, generation }) => !done && generation !== null)
  if (isEnding && rotationId !== over) return false
  const rotation = await services.ledger.read<RotationState>({ kind: 'rotation', id: rotationId })
  return rotation?.state.status !== 'running'
}
