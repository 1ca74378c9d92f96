import { type CertificateKind, type CertificatePurpose, Fault } from '@latchkey/core'

/**
 * What means the same elsewhere: an authority that is trusted for the calls that an On-Premises client makes, and one
 * that a PBX trusts. A server's certificate is put in use by one and not by the other, and does not carry over.
 */
const SAME_ELSEWHERE: Partial<Record<CertificatePurpose, CertificatePurpose>> = {
  'webhook-ca': 'trusted-ca',
  'trusted-ca': 'webhook-ca',
}

/**
 * What a purpose of the dialect means at the connection; `isOwn` where that is to the dialect's own provider.
 * @throws Fault unsupported_operation
 */
export function bridgedKind(
  kinds: readonly CertificateKind[],
  purpose: CertificatePurpose,
  isOwn: boolean,
): CertificateKind {
  const meant = isOwn ? purpose : SAME_ELSEWHERE[purpose]
  const found = kinds.find((kind) => kind.purpose === meant)
  if (found !== undefined) return found
  throw new Fault(
    'unsupported_operation',
    `Cannot keep a certificate for "${purpose}" there: it does not carry over to this connection`,
  )
}
