import type { SandboxSpace } from '@latchkey/sandbox'
import type { SandboxControl } from '@latchkey/sandbox/control'
import { AUDIENCE } from './mint.ts'

/** Where the sandbox's upstreams are. */
export interface SandboxUrls {
  readonly graph: string
  readonly onprem: string
  readonly kaleyra: string
  readonly pbx: string
}

export function urlsOf({
  graphUrl,
  onpremUrl,
  kaleyraUrl,
  pbxUrl,
}: Pick<SandboxSpace, 'graphUrl' | 'onpremUrl' | 'kaleyraUrl' | 'pbxUrl'>): SandboxUrls {
  return { graph: graphUrl, onprem: onpremUrl, kaleyra: kaleyraUrl, pbx: pbxUrl }
}

/** One Latchkey with an empty ledger in front of one fresh sandbox, on whichever runtime. */
export interface ApiHarness {
  /** Sends a request as it is. */
  request(path: string, init?: RequestInit): Promise<Response>
  readonly adminToken: string
  /** Where the issuers are; the URL of one ends with its name. */
  readonly issuersUrl: string
  /** Where `newReceiver` makes receivers of webhooks. */
  readonly receiversUrl: string
  readonly urls: SandboxUrls
  /** Whether a connection may say by what its host is trusted: not where `fetch()` decides alone. */
  readonly hasOwnTrust: boolean
  readonly sandbox: SandboxControl
  /** The same Latchkey, in another process or isolate: what it only remembers is its own. */
  elsewhere(): Promise<Pick<ApiHarness, 'request' | 'adminToken'>>
  /** Moves Latchkey's clock, then does whatever has come due, until nothing is. */
  advance(ms: number): Promise<void>
  /** Every line that was logged so far. */
  logs(): readonly string[]
  close(): Promise<void>
}

export interface HarnessOptions {
  /** Settings beside those that every harness has. */
  readonly env?: Readonly<Record<string, string>>
  /** Names of issuers whose tokens are taken; they say what `issuerControl` tells them to. */
  readonly issuers?: readonly string[]
  /** How many times sooner than told Latchkey's sleeps end: for pauses that no test should wait for. */
  readonly haste?: number
}

export type OpenApi = (options?: HarnessOptions) => Promise<ApiHarness>

/** What every runtime's harness is started with. */
export const HARNESS_ENV = {
  LATCHKEY_ADMIN_TOKEN: 'lk_test-admin-token-of-the-harness-0123456789abcde',
  LATCHKEY_KEYS:
    '{"keys":[{"kty":"oct","kid":"test","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}',
  LATCHKEY_ALLOW_PRIVATE_HOSTS: '127.0.0.1/32',
  LATCHKEY_RATE_LIMIT: 'off',
  // Once in a hundred years: what a test counts is not to be mixed with what nobody asked for.
  LATCHKEY_SWEEP_SECONDS: '3155760000',
} as const

/** The settings of one harness. */
export function harnessEnv(
  { env, issuers = [] }: HarnessOptions,
  issuersUrl: string,
): Readonly<Record<string, string>> {
  const trusted = issuers.map((name) => `${issuersUrl}/${name}|${AUDIENCE}`)
  return {
    ...HARNESS_ENV,
    ...(trusted.length === 0 ? {} : { LATCHKEY_OIDC_ISSUERS: trusted.join(',') }),
    ...env,
  }
}
