import { Fault } from '../../fault/fault.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'

/** Which numbers a rotation is for. */
export type Selector =
  | { readonly numbers: readonly string[] }
  | { readonly connectionId?: string; readonly provider?: string }

const PAGE = 500
/** Reads of numbers that were named one by one, at once. */
const READS = 16

/**
 * The numbers that a selector names, in the order of their ids.
 * @param sees whether who asks may be told of a connection
 * @throws Fault not_found, forbidden (some are not for who asks), invalid_request (none), unsupported_operation
 */
export async function selectNumbers(
  services: Services,
  selector: Selector,
  sees: (connectionId: string) => boolean,
): Promise<readonly NumberState[]> {
  const found =
    'numbers' in selector
      ? await readNamed(services, selector.numbers)
      : await listMatching(services, selector)
  if (found.some(({ connectionId }) => !sees(connectionId))) {
    throw new Fault(
      'forbidden',
      'Cannot rotate: some of these numbers are of connections that this token does not have',
    )
  }
  if (found.length === 0) {
    throw new Fault('invalid_request', 'Cannot rotate: there are no such numbers')
  }
  requirePublishing(services, found)
  return found
}

async function readNamed(
  services: Services,
  ids: readonly string[],
): Promise<readonly NumberState[]> {
  const wanted = [...new Set(ids)].toSorted()
  const found: NumberState[] = []
  for (let start = 0; start < wanted.length; start += READS) {
    const batch = wanted.slice(start, start + READS)
    const read = await Promise.all(
      batch.map((id) => services.ledger.read<NumberState>({ kind: 'number', id })),
    )
    for (const [index, snapshot] of read.entries()) {
      if (snapshot === null) throw new Fault('not_found', `Cannot find number "${batch[index]}"`)
      found.push(snapshot.state)
    }
  }
  return found
}

async function listMatching(
  services: Services,
  { connectionId, provider }: { readonly connectionId?: string; readonly provider?: string },
): Promise<readonly NumberState[]> {
  const found: NumberState[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof services.ledger.list<NumberState>>> =
      await services.ledger.list<NumberState>({
        kind: 'number',
        where: {
          ...(connectionId === undefined ? {} : { connectionId }),
          ...(provider === undefined ? {} : { provider }),
        },
        ...(connectionId === undefined ? {} : { within: connectionId }),
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const { state } of page.items) found.push(state)
    cursor = page.nextCursor
  } while (cursor !== null)
  return found
}

function requirePublishing({ providers }: Services, numbers: readonly NumberState[]): void {
  for (const id of new Set(numbers.map(({ provider }) => provider))) {
    if (providers.get(id)?.operationNames.includes('encryptionKey.publish') === true) continue
    throw new Fault('unsupported_operation', `Cannot rotate: provider "${id}" takes no keys`)
  }
}
