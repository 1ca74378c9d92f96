import type { TlsTrust } from '@latchkey/core'

/** Names of OpenSSL's verification results (X509_V_ERR_*) and of Node's own checks; Deno uses the same. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate is revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
}
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
const TLS_CODE = /CERT|SIGNATURE|CRL|CHAIN|^ERR_TLS|^ERR_SSL|UNABLE_TO|ISSUER/

/** Why a certificate is not believed, by the runtime's code; null where the code is about something else. */
export function certificateReason(code: string, tls: TlsTrust | undefined): string | null {
  if (!UNKNOWN_ISSUER.has(code)) return REASONS[code] ?? null
  return tls === undefined
    ? 'its certificate is of no public authority; a host of one’s own is trusted by tls in its connection’s config'
    : 'its certificate is of none of the authorities in tls.caCertificates'
}

/** Whether a code is about TLS at all. */
export function isTlsCode(code: string): boolean {
  return TLS_CODE.test(code)
}
