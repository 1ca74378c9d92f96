import type { CertificateState } from '../../certificate/state.ts'
import type { Services } from '../../services.ts'
import { certificateKey } from './commit.ts'
import { readInventory } from './hold.ts'

/** All certificates of a connection, as they are kept, in the order in which they were met. */
export async function readCertificates(
  services: Services,
  connectionId: string,
): Promise<readonly CertificateState[]> {
  const { entries } = await readInventory(services, connectionId)
  const snapshots = await Promise.all(
    entries.map(({ certificateId }) =>
      services.ledger.read<CertificateState>(certificateKey(certificateId)),
    ),
  )
  return snapshots.flatMap((snapshot) => (snapshot === null ? [] : [snapshot.state]))
}
