import type { CertificateState } from '../../certificate/state.ts'
import { certificateEvent } from '../../certificate/step.ts'
import { inventoryKey, withoutEntry } from '../../certificate/inventory.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { CertificateKind } from '../../provider/certificates.ts'
import { completeReceipt, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { commitStep, loadCertificate } from './commit.ts'
import { callHeld, changeInventory, type Hold, holdInventory } from './hold.ts'
import { certificateKindOf, requireAllowed } from './kind.ts'
import { listCertificates } from './listing.ts'

/**
 * Deletes a certificate at the upstream. It is looked for first, so that no other is deleted that took its id, and
 * again where nobody knows what came of the call: it is never sent twice blindly.
 * @throws Fault not_found, unsupported_operation, conflict (it is in use, or on its way), upstream_*
 */
export async function removeCertificate(
  services: Services,
  request: Request<null>,
  {
    connectionId,
    certificateId,
  }: { readonly connectionId: string; readonly certificateId: string },
): Promise<void> {
  const connection = await openConnection(services, connectionId)
  const { purpose } = await loadCertificate(services, certificateId)
  const kind = certificateKindOf(connection, purpose)
  requireAllowed(kind.canRemove, kind, 'delete certificate')
  await holdInventory(services, connection, async (hold) => {
    const state = await loadCertificate(services, certificateId)
    requireIdle(state)
    if (state.upstreamId !== null) await removeThere(hold, state, kind)
    const by = { actor: request.actor, now: services.clock.now() }
    const events = [certificateEvent('certificate.removed', state, by)]
    await commitStep(services, state, { next: null, events })
    await changeInventory(hold, (inventory) => withoutEntry(inventory, state.id))
  })
  await completeReceipt(services, inventoryKey(connectionId), request, null)
}

async function removeThere(
  hold: Hold,
  { purpose, upstreamId, name }: CertificateState,
  kind: CertificateKind,
): Promise<void> {
  if (upstreamId === null) return
  const isThere = async () =>
    (await listCertificates(hold, kind)).find((each) => each.upstreamId === upstreamId)
  const present = await isThere()
  if (present === undefined) return
  if (name !== null && present.name !== null && present.name !== name) {
    throw new Fault(
      'conflict',
      `Cannot delete certificate: the upstream has another one under its id, named "${present.name}"`,
    )
  }
  try {
    await callHeld(hold, 'certificate.remove', { purpose, upstreamId })
  } catch (error) {
    if (!isFault(error) || error.effect === 'no') throw error
    const after = await isThere().catch(() => present)
    // Another one may have taken its id already.
    if (after !== undefined && after.name === present.name) throw error
  }
}

function requireIdle({ status, work, upstreamId }: CertificateState): void {
  if (status === 'active') {
    throw new Fault(
      'conflict',
      'Cannot delete certificate: it is in use; activate another one first',
    )
  }
  if (work !== null && (work.phase === 'sending' || upstreamId === null)) {
    throw new Fault('conflict', 'Cannot delete certificate: it is still on its way', {
      retryable: true,
    })
  }
}
