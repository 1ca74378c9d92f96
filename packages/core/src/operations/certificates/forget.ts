import type { CertificateState } from '../../certificate/state.ts'
import { certificateEvent, installTask } from '../../certificate/step.ts'
import { inventoryKey, type InventoryState } from '../../certificate/inventory.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { certificateKey } from './commit.ts'
import { readCertificates } from './entries.ts'

/** Forgets all certificates of a connection that is being deleted; at the upstream they stay as they are. */
export async function forgetCertificates(
  services: Services,
  actor: Actor,
  connectionId: string,
): Promise<void> {
  for (const { id } of await readCertificates(services, connectionId)) {
    await services.ledger.mutate<CertificateState, null>(certificateKey(id), (state) => {
      if (state === null) return { result: null }
      const by = { actor, now: services.clock.now() }
      const events = [certificateEvent('certificate.forgotten', state, by)]
      return { result: null, next: null, events, tasks: [installTask(null)] }
    })
  }
  await services.ledger.mutate<InventoryState, null>(inventoryKey(connectionId), (state) =>
    state === null ? { result: null } : { result: null, next: null },
  )
}
