import type { CertificateDescription } from '../../certificate/inspector.ts'
import type { CertificateState } from '../../certificate/state.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { Fingerprint } from '../../public-key.ts'
import type { Services } from '../../services.ts'
import { loadCertificate } from './commit.ts'
import { type Hold, holdInventory } from './hold.ts'
import { markActive } from './put-in-use.ts'

export interface Served {
  /** Null: which certificate is installed is not known, as the upstream does not show it. */
  readonly matches: boolean | null
  readonly served: CertificateDescription
  readonly installed: Fingerprint | null
  readonly state: CertificateState
}

/**
 * Compares the leaf that the connection's host serves with the one installed. One that is served is in use.
 * @throws Fault not_found, unsupported_operation (this runtime cannot look, or it is no server's certificate),
 * upstream_*
 */
export async function verifyServed(
  services: Services,
  actor: Actor,
  {
    connectionId,
    certificateId,
  }: { readonly connectionId: string; readonly certificateId: string },
): Promise<Served> {
  const connection = await openConnection(services, connectionId)
  const { purpose } = await loadCertificate(services, certificateId)
  if (purpose !== 'server') {
    throw new Fault(
      'unsupported_operation',
      `Cannot compare what is served: a certificate for "${purpose}" is served by nobody`,
    )
  }
  const { servedCertificate } = services.upstream
  if (servedCertificate === null) {
    throw new Fault(
      'unsupported_operation',
      'Cannot look at what the host serves from Workers; ask a Latchkey that runs on Deno',
    )
  }
  const served = await services.inspector.describe(await servedCertificate(connection.bound.origin))
  const state = await loadCertificate(services, certificateId)
  const installed = state.bundle?.details.fingerprint ?? null
  const matches = installed === null ? null : installed === served.fingerprint
  const answer = { matches, served, installed, state }
  if (matches !== true || state.status !== 'installed') return answer
  return {
    ...answer,
    state: await holdInventory(services, connection, (hold) => markServed(hold, actor, state)),
  }
}

/** What a host serves is in use, whoever put it there. */
async function markServed(
  hold: Hold,
  actor: Actor,
  { id, bundle }: CertificateState,
): Promise<CertificateState> {
  const present = await loadCertificate(hold.services, id)
  const isSame = present.bundle?.details.fingerprint === bundle?.details.fingerprint
  if (!isSame || present.status !== 'installed' || present.work !== null) return present
  return markActive(hold, present, actor)
}
