import type { OpenConnection } from '../../connection/open.ts'
import type { DnsAccess } from '../../provider/certificates.ts'
import type { Warning } from '../../public-key.ts'

/**
 * Checks access to a DNS provider by what the upstream is known to want of it.
 * @throws Fault invalid_request with a pointer for each parameter that is missing or of another type
 */
export function checkDns({ bound }: OpenConnection, access: DnsAccess | null): readonly Warning[] {
  return access === null ? [] : (bound.certificates?.checkDns?.(access) ?? [])
}
