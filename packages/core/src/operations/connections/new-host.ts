import { Fault } from '../../fault/fault.ts'
import type { ProviderConnection } from '../../provider/provider.ts'

/**
 * Credentials are for the deployment that they were given for: a host, and a path behind which another one may live.
 * Whoever may change a connection could otherwise have them sent to one of their own, and read there what no answer
 * ever shows.
 * @throws Fault invalid_request with a pointer for each credential that has to be given again
 */
export function requireOwnCredentials(
  from: ProviderConnection,
  to: ProviderConnection,
  credentials: { readonly kept: readonly string[] },
): void {
  if (addressOf(from) === addressOf(to) || credentials.kept.length === 0) return
  throw new Fault(
    'invalid_request',
    'Cannot move connection: another address needs its credentials given again',
    {
      errors: credentials.kept.map((name) => ({
        pointer: `/credentials/${name}`,
        message: 'Must be given again, as the address changes',
      })),
    },
  )
}

function addressOf({ origin }: ProviderConnection): string {
  return new URL(origin.baseUrl).href.replace(/\/+$/, '')
}
