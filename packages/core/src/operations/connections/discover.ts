import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { NumberState } from '../../number/state.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { OperationShapes } from '../../provider/operations.ts'
import type { UpstreamOutcome } from '../../provider/upstream.ts'
import type { Services } from '../../services.ts'
import { callUpstream } from '../call-upstream.ts'
import { createNumber } from '../numbers/create.ts'

/** Pages read at most: an upstream whose list never ends must not keep us for ever. */
const PAGES_MAX = 500

type NumberPage = OperationShapes['numbers.list']['output']

export interface Discovery {
  readonly added: readonly NumberState[]
  /** Upstream ids that were known before. */
  readonly known: readonly string[]
}

/**
 * Reads all numbers that the upstream lists and adds the missing ones.
 * @throws Fault unsupported_operation, upstream_*
 */
export async function discoverNumbers(
  services: Services,
  actor: Actor,
  connectionId: string,
): Promise<Discovery> {
  const connection = await openConnection(services, connectionId)
  if (connection.state.closing) {
    throw new Fault('conflict', `Cannot add numbers: connection "${connectionId}" is being deleted`)
  }
  const added: NumberState[] = []
  const known: string[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const outcome: UpstreamOutcome<NumberPage> = await callUpstream(
      services,
      connection,
      'numbers.list',
      { cursor },
    )
    const listed = outcome.value
    for (const { upstreamId, label } of listed.numbers) {
      try {
        added.push(await createNumber(services, { actor }, { connectionId, upstreamId, label }))
      } catch (error) {
        if (!isFault(error) || error.code !== 'conflict' || error.retryable) throw error
        known.push(upstreamId)
      }
    }
    cursor = listed.nextCursor
    if (cursor === null) return { added, known }
  }
  throw new Fault('upstream_malformed', `Cannot read all numbers: more than ${PAGES_MAX} pages`)
}
