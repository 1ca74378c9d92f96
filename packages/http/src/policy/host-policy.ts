import type { UpstreamOrigin } from '@latchkey/core'
import { parseAddress } from './address.ts'
import { type BaseUrl, parseBaseUrl, refusedBaseUrl } from './base-url.ts'
import { isLocalhost, isMetadataName, isPrivateName } from './host-name.ts'
import { reachOf } from './reach.ts'
import { remembering } from './remembering.ts'
import { parseAllowedRanges, parseUpstreamHosts } from './settings.ts'

export interface HostPolicySettings {
  /** `LATCHKEY_ALLOW_PRIVATE_HOSTS`: comma list of CIDR ranges; empty for none. */
  readonly allowPrivate: string
  /** `LATCHKEY_UPSTREAM_HOSTS`: comma list of further public hosts for listed origins; empty for none. */
  readonly upstreamHosts: string
}

/** What a host may resolve to: anything public or allowed, or the allowed ranges alone. */
export type Ground = 'public or allowed' | 'allowed only'

/** Where a dialer has to go: to addresses known already, or to those that a name resolves to. */
export type Route =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'name'; readonly name: string; readonly ground: Ground }

/** Decides which hosts may be called. It resolves nothing: a dialer asks again for every address that it gets. */
export interface HostPolicy {
  /**
   * Checks an origin by its text alone and gives its base URL, the same one for all who ask: nobody may change it.
   * @throws Fault invalid_request with a text that names what is wrong
   */
  admit(origin: UpstreamOrigin): URL
  /**
   * How to reach a URL's host.
   * @throws Fault invalid_request where no address of it could ever be admitted
   */
  route(url: URL): Route
  /** Whether this address, which the URL's host resolved to, may be dialed for it. */
  admitsAddress(url: URL, address: string): boolean
}

/** As many origins are remembered as admitted: connections call theirs again and again. */
const ADMITTED_MAX = 1_000
const LOOPBACK = ['127.0.0.1', '::1'] as const
const HINT = 'LATCHKEY_ALLOW_PRIVATE_HOSTS'
const NOT_HTTPS = `it is not https, which only hosts that ${HINT} names may do without`

/** @throws SettingError */
export function createHostPolicy(settings: HostPolicySettings): HostPolicy {
  const allowed = parseAllowedRanges(settings.allowPrivate)
  const extraHosts = parseUpstreamHosts(settings.upstreamHosts)

  const admits = (ground: Ground, text: string): boolean => {
    const address = parseAddress(text)
    if (address === null) return false
    const { by } = reachOf(address, allowed)
    return by === 'allowed' || (by === 'public' && ground === 'public or allowed')
  }

  const checkHost = ({ host, address, url }: BaseUrl): void => {
    if (isMetadataName(host)) throw refusedBaseUrl(`"${host}" serves instance metadata`)
    if (address !== null) {
      const reach = reachOf(address, allowed)
      if (reach.by === 'none') {
        throw refusedBaseUrl(`its address is ${reach.kind}, and ${HINT} does not name it`)
      }
      if (url.protocol === 'http:' && reach.by !== 'allowed') throw refusedBaseUrl(NOT_HTTPS)
      return
    }
    if (isLocalhost(host) && !LOOPBACK.some((text) => admits('allowed only', text))) {
      throw refusedBaseUrl(`its host is loopback, and ${HINT} does not name it`)
    }
    if (groundOf(url) === 'allowed only' && allowed.length === 0) {
      throw refusedBaseUrl(
        url.protocol === 'http:' ? NOT_HTTPS : `its host is a private name, and ${HINT} is empty`,
      )
    }
  }

  /** Whether the host can only be one of the allowed ranges, which any base URL may be set to. */
  const isLocal = ({ host, address }: BaseUrl): boolean =>
    address === null ? isPrivateName(host) : reachOf(address, allowed).by === 'allowed'

  const judge = ({ baseUrl, hosts }: UpstreamOrigin): URL => {
    const base = parseBaseUrl(baseUrl)
    if (hosts.rule === 'operator' || isLocal(base)) {
      checkHost(base)
      return base.url
    }
    const names = [...hosts.names, ...extraHosts]
    if (!names.some((name) => name.toLowerCase() === base.url.host)) {
      throw refusedBaseUrl(
        `its host is not one of ${names.map((name) => `"${name}"`).join(', ')}, nor in LATCHKEY_UPSTREAM_HOSTS`,
      )
    }
    if (base.url.protocol !== 'https:') throw refusedBaseUrl(NOT_HTTPS)
    return base.url
  }

  return {
    admit: remembering(judge, {
      max: ADMITTED_MAX,
      keyOf: ({ baseUrl, hosts }) => JSON.stringify([baseUrl, hosts]),
    }),
    route(url) {
      const host = bareHost(url)
      const address = parseAddress(host)
      checkHost({ url, host, address })
      if (address !== null) return { kind: 'addresses', addresses: [host] }
      if (!isLocalhost(host)) return { kind: 'name', name: host, ground: groundOf(url) }
      return {
        kind: 'addresses',
        addresses: LOOPBACK.filter((text) => admits('allowed only', text)),
      }
    },
    admitsAddress: (url, address) => admits(groundOf(url), address),
  }
}

/** Plain http and private names are for the allowed ranges alone. */
function groundOf(url: URL): Ground {
  const host = bareHost(url)
  const local = url.protocol === 'http:' || (parseAddress(host) === null && isPrivateName(host))
  return local ? 'allowed only' : 'public or allowed'
}

/** The host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
}
