import type { CertificateState } from '../../certificate/state.ts'
import { inventoryKey } from '../../certificate/inventory.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import { completeReceipt, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { loadCertificate } from './commit.ts'
import { callHeld, holdInventory } from './hold.ts'
import { certificateKindOf, requireAllowed } from './kind.ts'
import { activationName, markActive } from './put-in-use.ts'

/**
 * Puts a certificate in use; the one that was in use before stays installed.
 * @throws Fault not_found, unsupported_operation, conflict (it is not installed), upstream_*
 */
export async function activateCertificate(
  services: Services,
  request: Request<CertificateState>,
  {
    connectionId,
    certificateId,
  }: { readonly connectionId: string; readonly certificateId: string },
): Promise<CertificateState> {
  const connection = await openConnection(services, connectionId)
  const { purpose } = await loadCertificate(services, certificateId)
  const kind = certificateKindOf(connection, purpose)
  requireAllowed(kind.canActivate, kind, 'activate certificate')
  const active = await holdInventory(services, connection, async (hold) => {
    const state = await loadCertificate(services, certificateId)
    if (state.work !== null || (state.status !== 'installed' && state.status !== 'active')) {
      throw new Fault('conflict', `Cannot activate certificate: it is ${state.status}`)
    }
    await callHeld(hold, 'certificate.activate', { name: activationName(state) })
    return markActive(hold, state, request.actor)
  })
  await completeReceipt(services, inventoryKey(connectionId), request, active)
  return active
}
