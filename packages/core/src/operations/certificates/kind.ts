import type { OpenConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { CertificateKind, CertificatePurpose } from '../../provider/certificates.ts'

/** What the connection can do with its certificates. @throws Fault unsupported_operation */
export function certificateKindsOf({
  bound,
  provider,
}: OpenConnection): readonly CertificateKind[] {
  if (bound.certificates !== undefined) return bound.certificates.kinds
  throw new Fault(
    'unsupported_operation',
    `Cannot keep certificates: provider "${provider.id}" has none`,
  )
}

/** @throws Fault unsupported_operation */
export function certificateKindOf(
  connection: OpenConnection,
  purpose: CertificatePurpose,
): CertificateKind {
  const kinds = certificateKindsOf(connection)
  const kind = kinds.find((each) => each.purpose === purpose)
  if (kind !== undefined) return kind
  const known = kinds.map((each) => `"${each.purpose}"`).join(', ')
  throw new Fault(
    'unsupported_operation',
    `Cannot keep a certificate for "${purpose}" there: the purposes are ${known}`,
  )
}

/** @throws Fault unsupported_operation, where the purpose does not allow what was asked for */
export function requireAllowed(isAllowed: boolean, kind: CertificateKind, what: string): void {
  if (isAllowed) return
  throw new Fault(
    'unsupported_operation',
    `Cannot ${what}: the upstream does not offer it for the purpose "${kind.purpose}"`,
  )
}
