import { Fault } from '../../fault/fault.ts'
import type { ProviderConnection } from '../../provider/provider.ts'

/**
 * Credentials are for the host that they were given for. Whoever may change a connection could otherwise have them
 * sent to a host of their own, and read there what no answer ever shows.
 * @throws Fault invalid_request with a pointer for each credential that has to be given again
 */
export function requireOwnCredentials(
  from: ProviderConnection,
  to: ProviderConnection,
  credentials: { readonly kept: readonly string[] },
): void {
  if (originOf(from) === originOf(to) || credentials.kept.length === 0) return
  throw new Fault(
    'invalid_request',
    'Cannot move connection: another host needs its credentials given again',
    {
      errors: credentials.kept.map((name) => ({
        pointer: `/credentials/${name}`,
        message: 'Must be given again, as the host changes',
      })),
    },
  )
}

function originOf({ origin }: ProviderConnection): string {
  return new URL(origin.baseUrl).origin
}
