import type * as z from 'zod'
import type { Fault } from '../fault/fault.ts'
import type { CertificateSupport } from './certificates.ts'
import type { Dialect } from './dialect.ts'
import type { Exchange, UpstreamResponse } from './exchange.ts'
import type { Nothing, OperationName, Operations } from './operations.ts'
import type { TlsTrust } from './tls-trust.ts'
import type { WebhookDescription, WebhookReceiver } from './webhook.ts'

/** An upstream session: something opened with the credentials, shared by all calls until it ends. */
export interface Session {
  /** What the exchanges are handed; a secret. */
  readonly secret: string
  /** When the upstream will stop taking it; null where it does not say. */
  readonly expiresAt: number | null
  /** What renews it without the credentials; a secret. */
  readonly renewal?: string
}

export interface SessionProtocol {
  readonly open: Exchange<Nothing, Session>
  /** Exchanges a session's `renewal` for the next session. */
  readonly renew?: Exchange<{ readonly renewal: string }, Session>
  /** Gives a session back, where the upstream counts those that are open. */
  readonly close?: Exchange<Nothing, Nothing>
  /** How long refused credentials are left alone, where the upstream locks out who tries too often; 30 s. */
  readonly refusedPauseMs?: number
  /** Whether this fault says that the session, not the credentials behind it, has ended. */
  ended(fault: Fault): boolean
}

/**
 * Where an upstream lives. `listed`: one of the provider's own hosts (or of those that the deployment's
 * settings add); `operator`: a host of the user's, where private ranges are refused unless named.
 */
export interface UpstreamOrigin {
  /** With a path below which every request stays; no query, fragment or userinfo. */
  readonly baseUrl: string
  readonly hosts:
    | { readonly rule: 'listed'; readonly names: readonly string[] }
    | { readonly rule: 'operator' }
  /** For https alone; without it the authorities that the runtime trusts. */
  readonly tls?: TlsTrust
}

/** How close the upstream says that we are to its limits. */
export interface Pressure {
  /** 0 to 100, the highest of those told. */
  readonly usedPercent: number
  readonly regainAccessMs: number | null
}

/** A provider bound to one connection's configuration and credentials. Below here nobody sees a provider id. */
export interface ProviderConnection {
  readonly origin: UpstreamOrigin
  /** Within one host, what keeps two customers' numbers apart; empty where the host alone does. */
  readonly account: string
  readonly session?: SessionProtocol
  readonly operations: Operations
  readonly certificates?: CertificateSupport
  readonly pressure?: (response: UpstreamResponse) => Pressure | null
}

/** A limit that the vendor documents, for `GET /v1/providers`. */
export interface DocumentedLimit {
  readonly name: string
  readonly value: string
  readonly source: string
}

/** A place where the vendor's pages are silent or contradict each other, and what we do about it. */
export interface Quirk {
  readonly name: string
  readonly conflict: string
  readonly choice: string
  readonly source: string
}

export interface NumberRules {
  /** One deployment serves exactly one number. */
  readonly single: boolean
  /** The one form in which an id is kept. @throws Fault invalid_request */
  canonicalId(upstreamId: string): string
}

/** What is known of a provider before its code is loaded. */
export interface ProviderDescription {
  readonly id: string
  readonly title: string
  readonly lifecycle: 'active' | 'sunset'
  readonly operationNames: readonly OperationName[]
  /** Null: it has none. */
  readonly numbers: NumberRules | null
  /** Whether Latchkey serves its own wire format. */
  readonly hasDialect: boolean
  /** Left out where it sends none. */
  readonly webhook?: WebhookDescription
}

/** One provider: data and pure functions. A fifth is one folder and one line. */
export interface Provider extends ProviderDescription {
  /** Strict: an unknown field is an error. Defaults are filled in. */
  readonly config: z.ZodObject
  readonly credentials: z.ZodObject
  readonly limits: readonly DocumentedLimit[]
  readonly quirks: readonly Quirk[]
  /** Loaded for those who speak it. */
  readonly dialect?: () => Promise<Dialect>
  /** Loaded when it sends something. */
  readonly receiver?: () => Promise<WebhookReceiver>
  /** Binds to a connection; both arguments have passed the schemas above. */
  connect(config: unknown, credentials: unknown): ProviderConnection
}

/** A provider whose code is loaded when it is first needed: most deployments call few of them. */
export interface RegisteredProvider extends ProviderDescription {
  readonly load: () => Promise<Provider>
}

/** The providers by id; built once at start, where a double id throws. */
export type ProviderRegistry = ReadonlyMap<string, RegisteredProvider>
