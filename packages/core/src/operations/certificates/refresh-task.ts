import { REFRESH } from '../../certificate/tasks.ts'
import type { ConnectionState } from '../../connection/state.ts'
import { MINUTE } from '../../instant.ts'
import type { TaskDraft } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'

/** Somebody who sets up a connection most often reads it at once; this is for who does not. */
const FIRST_MS = 20 * MINUTE

/** What a connection needs for its certificates to be read; nothing where its provider has none. */
export function refreshTask(
  { providers, clock }: Pick<Services, 'providers' | 'clock'>,
  { provider }: ConnectionState,
): readonly TaskDraft[] {
  const reads = providers.get(provider)?.operationNames.includes('certificate.list') ?? false
  return reads ? [{ name: REFRESH, due: clock.now() + FIRST_MS }] : []
}
