import type { LedgerNamespace } from '@latchkey/ledger/durable-object'
import { durableObjectLedger } from '@latchkey/ledger/durable-object'
import { systemClock, systemRandom } from '@latchkey/platform'

const PAGE = 200

/**
 * Asks every object whether it is well, upon which it sets the alarm that it should have.
 * @param report takes what an object failed with; those behind it are asked all the same
 */
export async function sweep(
  namespace: LedgerNamespace,
  report: (error: unknown) => void,
): Promise<void> {
  const ledger = durableObjectLedger(namespace, { clock: systemClock, random: systemRandom })
  await namespace.getByName('registry').ping()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof ledger.list>> = await ledger.list({
      kind: 'connection',
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const { id } of page.items) await namespace.getByName(id).ping().catch(report)
    cursor = page.nextCursor
  } while (cursor !== null)
}
