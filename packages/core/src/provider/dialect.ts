import type { Fault } from '../fault/fault.ts'
import type { Instant } from '../instant.ts'
import type { SignatureStatus } from '../public-key.ts'
import type { ListedCertificate } from './certificates.ts'
import type { Nothing, OperationShapes } from './operations.ts'

/** A request in a provider's own wire format, read whole. */
export interface DialectRequest {
  /** In upper case; HEAD is told apart from GET. */
  readonly method: string
  /** Below the connection, decoded; without an empty one at the end. */
  readonly path: readonly string[]
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly at: Instant
  /** What our log has for it. */
  readonly requestId: string
}

export interface DialectResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null: none at all. */
  readonly body: string | null
}

/** A token as it stands in a request; one in a query may end up in somebody's logs. */
export interface DialectSecret {
  readonly token: string
  readonly isInQuery: boolean
}

/** A certificate as a dialect shows it. */
export interface DialectCertificate extends ListedCertificate {
  /** A number that stays the same, for upstreams that count theirs. */
  readonly ordinal: number
}

/** What the provider's callers ask for, with what goes in and what comes out. */
export interface DialectShapes extends Pick<
  OperationShapes,
  'certificate.stage' | 'certificate.upload' | 'certificate.apply' | 'connection.check'
> {
  /** `upstreamId` null: the one number that the connection has. The key as it was sent. */
  'encryptionKey.publish': {
    input: { readonly upstreamId: string | null; readonly publicKey: string }
    output: Nothing
  }
  'encryptionKey.read': {
    input: { readonly upstreamId: string | null }
    output: { readonly publicKey: string | null; readonly status: SignatureStatus }
  }
  /** Purposes null: all. */
  'certificate.list': {
    input: { readonly purposes: readonly ListedCertificate['purpose'][] | null }
    output: { readonly certificates: readonly DialectCertificate[] }
  }
  'certificate.get': {
    input: { readonly ordinals: readonly number[] }
    output: { readonly certificates: readonly DialectCertificate[] }
  }
  'certificate.update': {
    input: {
      readonly ordinal: number
      readonly autoRenewal: OperationShapes['certificate.update']['input']['autoRenewal']
    }
    output: Nothing
  }
  /** By its ordinal, or as the only one of a purpose. */
  'certificate.remove': {
    input: { readonly ordinal: number } | { readonly purpose: ListedCertificate['purpose'] }
    output: Nothing
  }
  'certificate.activate': { input: { readonly name: string }; output: Nothing }
}

export type DialectOperation = keyof DialectShapes

type OperationCall = {
  readonly [Name in DialectOperation]: {
    readonly operation: Name
    readonly session?: never
    readonly input: DialectShapes[Name]['input']
    answer(output: DialectShapes[Name]['output']): DialectResponse
  }
}[DialectOperation]

/** A short-lived session that was given out for a token. */
export interface IssuedSession {
  readonly access: string
  readonly accessUntil: Instant
  readonly renewal: string
  readonly renewalUntil: Instant
}

type SessionCall =
  | {
      readonly session: 'open'
      readonly operation?: never
      /** The Latchkey token, from the place of the provider's password. */
      readonly token: string
      answer(issued: IssuedSession): DialectResponse
    }
  | {
      readonly session: 'renew'
      readonly operation?: never
      readonly renewal: string
      answer(issued: IssuedSession): DialectResponse
    }
  | { readonly session: 'close'; readonly operation?: never; answer(): DialectResponse }

/** What a request of the dialect comes to. */
export type DialectCall = OperationCall | SessionCall

/** The wire format of a provider, served to its callers: pure, the mirror of its exchanges. */
export interface Dialect {
  /** How long the sessions of a login last, and how many a caller may have at a time; none where there is no login. */
  readonly sessions?: {
    readonly accessMs: number
    readonly renewalMs: number
    readonly limit: number | null
  }
  /**
   * The secret in the provider's own place; null where there is none. It is asked before the body is read, as of a
   * request that has none, and once more with it where that found nothing.
   * @throws Fault invalid_request; unauthenticated where it has to log in, and brings nothing to do so
   */
  secretOf(request: DialectRequest): DialectSecret | null | Promise<DialectSecret | null>
  /**
   * Whether a request in which no secret was found is read all the same, body and all: to log in with it, or because
   * a secret may be in there. None is, where it is left out.
   */
  readsWithoutSecret?(head: DialectRequest): boolean
  /**
   * What is asked for.
   * @throws Fault not_found, method_not_allowed, unsupported_media_type, invalid_request; `refuse` words them
   */
  read(request: DialectRequest): DialectCall | Promise<DialectCall>
  /** A refusal in the provider's own words, the findings of a certificate in its details. */
  refuse(fault: Fault, request: DialectRequest): DialectResponse
}
