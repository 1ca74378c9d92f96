import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import type { HostPolicy } from '../policy/host-policy.ts'
import { TransportFailure } from './transport.ts'

/** All addresses of a name, in order of preference. */
export type Resolve = (name: string) => Promise<readonly string[]>

/** The system's resolver, which knows `/etc/hosts` and search domains as every other program does. */
export const systemResolve: Resolve = async (name) => {
  const found = await lookup(name, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

/**
 * The lookup of one connection, for `node:net`: it resolves, has every address checked, and hands exactly those to
 * the dialer. Check and dial so share one answer, and a name that resolves differently a moment later changes
 * nothing.
 */
export function checkedLookup(policy: HostPolicy, url: URL, resolve: Resolve): LookupFunction {
  return (_hostname, options, callback) => {
    const answer = async (): Promise<void> => {
      let addresses: readonly string[]
      try {
        addresses = await checkedAddresses(policy, url, resolve)
      } catch (error) {
        callback(error instanceof Error ? error : new Error('Cannot resolve name'), [])
        return
      }
      const [first = ''] = addresses
      if (options.all === true) callback(null, addresses.map(withFamily))
      else callback(null, first, withFamily(first).family)
    }
    void answer()
  }
}

async function checkedAddresses(
  policy: HostPolicy,
  url: URL,
  resolve: Resolve,
): Promise<readonly string[]> {
  const route = policy.route(url)
  if (route.kind === 'addresses') return route.addresses
  const addresses = await resolve(route.name)
  if (addresses.length === 0) {
    throw new TransportFailure('unreachable', 'its name has no address', { sent: false })
  }
  // One bad address spoils the name: who controls it would otherwise wait for the dialer's turn to take that one.
  if (!addresses.every((address) => policy.admitsAddress(url, address))) {
    throw new TransportFailure('refused', 'its name resolves to an address that is not allowed', {
      sent: false,
    })
  }
  return addresses
}

function withFamily(address: string): { address: string; family: 4 | 6 } {
  return { address, family: address.includes(':') ? 6 : 4 }
}
