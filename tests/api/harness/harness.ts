import type { SandboxControl } from '@latchkey/sandbox/control'

/** Where the sandbox's upstreams are. */
export interface SandboxUrls {
  readonly graph: string
  readonly onprem: string
  readonly kaleyra: string
}

/** One Latchkey with an empty ledger in front of one fresh sandbox, on whichever runtime. */
export interface ApiHarness {
  /** Sends a request as it is. */
  request(path: string, init?: RequestInit): Promise<Response>
  readonly adminToken: string
  readonly urls: SandboxUrls
  readonly sandbox: SandboxControl
  /** Moves Latchkey's clock, then does whatever has come due, until nothing is. */
  advance(ms: number): Promise<void>
  /** Every line that was logged so far. */
  logs(): readonly string[]
  close(): Promise<void>
}

export interface HarnessOptions {
  /** Settings beside those that every harness has. */
  readonly env?: Readonly<Record<string, string>>
}

export type OpenApi = (options?: HarnessOptions) => Promise<ApiHarness>

/** What every runtime's harness is started with. */
export const HARNESS_ENV = {
  LATCHKEY_ADMIN_TOKEN: 'lk_test-admin-token-of-the-harness-0123456789abcde',
  LATCHKEY_KEYS:
    '{"keys":[{"kty":"oct","kid":"test","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}',
  LATCHKEY_ALLOW_PRIVATE_HOSTS: '127.0.0.1/32',
  LATCHKEY_RATE_LIMIT: 'off',
} as const
