import { Fault, type UpstreamOrigin } from '@latchkey/core'
import type { HostPolicy } from '../policy/host-policy.ts'
import type { Transport } from '../transport/transport.ts'

/**
 * Checks an origin by its text: its host by the policy, its trust by what the runtime can do.
 * @throws Fault invalid_request
 */
export function admitOrigin(
  { policy, transport }: { readonly policy: HostPolicy; readonly transport: Transport },
  origin: UpstreamOrigin,
): URL {
  const base = policy.admit(origin)
  if (origin.tls === undefined) return base
  if (transport.readLeaf === null) throw untrustingRuntime()
  if (base.protocol !== 'https:') {
    throw new Fault(
      'invalid_request',
      'Cannot use tls: the base URL is plain http, which shows no certificate; leave tls out, or make it https',
    )
  }
  return base
}

function untrustingRuntime(): Fault {
  return new Fault(
    'invalid_request',
    'Cannot use tls: Workers trust the public authorities alone; serve this connection from the Deno server, or give the host a certificate of a public authority',
  )
}
