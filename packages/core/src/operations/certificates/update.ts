import type { CertificateState } from '../../certificate/state.ts'
import { certificateEvent } from '../../certificate/step.ts'
import { inventoryKey } from '../../certificate/inventory.ts'
import { dnsSecrets } from '../../certificate/material.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { DnsAccess } from '../../provider/certificates.ts'
import { completeReceipt, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { commitStep, loadCertificate } from './commit.ts'
import { checkDns } from './dns.ts'
import { callHeld, holdInventory } from './hold.ts'
import { certificateKindOf, requireAllowed } from './kind.ts'
import type { Added } from './upload.ts'

/**
 * Turns a certificate's auto-renewal on, with the DNS access that it takes, or off.
 * @throws Fault not_found, unsupported_operation, invalid_request (what the DNS provider wants is not there), conflict
 * (it is on its way), upstream_*
 */
export async function updateCertificate(
  services: Services,
  request: Request<Added>,
  {
    connectionId,
    certificateId,
    autoRenewal,
  }: {
    readonly connectionId: string
    readonly certificateId: string
    readonly autoRenewal: DnsAccess | null
  },
): Promise<Added> {
  const connection = await openConnection(services, connectionId)
  const { purpose } = await loadCertificate(services, certificateId)
  const kind = certificateKindOf(connection, purpose)
  requireAllowed(kind.canRenew, kind, 'change auto-renewal')
  const warnings = checkDns(connection, autoRenewal)
  const state = await holdInventory(services, connection, async (hold) => {
    const present = await loadCertificate(services, certificateId)
    const { upstreamId } = present
    if (upstreamId === null || present.work !== null) {
      throw new Fault('conflict', 'Cannot change certificate: it is still on its way', {
        retryable: true,
      })
    }
    const secrets = autoRenewal === null ? [] : dnsSecrets(autoRenewal)
    await callHeld(hold, 'certificate.update', { upstreamId, autoRenewal }, { secrets })
    const now = services.clock.now()
    const next: CertificateState = {
      ...present,
      autoRenewal: {
        enabled: autoRenewal !== null,
        dnsProvider: autoRenewal?.dnsProvider ?? present.autoRenewal?.dnsProvider ?? null,
      },
      updatedAt: now,
    }
    const data = {
      autoRenewal: autoRenewal !== null,
      dnsProvider: autoRenewal?.dnsProvider ?? null,
    }
    const events = [
      certificateEvent('certificate.updated', next, { actor: request.actor, now }, data),
    ]
    return (await commitStep(services, present, { next, events })) ?? next
  })
  const added = { state, warnings }
  await completeReceipt(services, inventoryKey(connectionId), request, added)
  return added
}
