import type { Effect, FaultCode, OperationName } from '@latchkey/core'

/** An operation, or what is done about a provider's session. */
export type FixtureOperation = OperationName | `session.${'open' | 'renew' | 'close'}`

/** What a vendor's sample sends, parsed: its secrets, ids, host and key material are replaced by the fixture's. */
export interface RequestFixture {
  readonly name: string
  /** The vendor's page, or the recording. */
  readonly source: string
  readonly operation: FixtureOperation
  readonly input: unknown
  /** Overrides of the provider's fixture config. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly credentials?: Readonly<Record<string, string>>
  readonly expected: {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly path: readonly string[]
    readonly query: readonly (readonly [string, string])[]
    /** In the sample's order and spelling. */
    readonly headers: readonly (readonly [string, string])[]
    readonly fields: readonly (readonly [string, string])[]
    /** How the fields are sent; `text` is a body without any, null where there is no body. */
    readonly encoding: 'form' | 'json' | 'text' | null
    /** The body as it is sent, where it is text. */
    readonly text?: string
  }
}

export interface ExpectedFault {
  readonly code: FaultCode
  readonly effect: Effect
  readonly retryable: boolean
  /** As the vendor spells it. */
  readonly upstreamCode?: string
  readonly retryAfterMs?: number
}

/** An answer of the vendor's with what it has to come to. */
export interface AnswerFixture {
  readonly name: string
  readonly source: string
  readonly operation: FixtureOperation
  readonly input?: unknown
  readonly response: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
  }
  readonly expected: { readonly value: object } | { readonly fault: ExpectedFault }
}

export interface ProviderFixtures {
  /** A connection that offers every operation. */
  readonly config: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  /** What may be given as a number's id, and what is kept of it; null where it is refused. */
  readonly ids: readonly (readonly [given: string, canonical: string | null])[]
  /** Configs and credentials that must be refused, beside unknown fields and line breaks. */
  readonly refused: readonly {
    readonly name: string
    readonly config?: Readonly<Record<string, unknown>>
    readonly credentials?: Readonly<Record<string, string>>
  }[]
  readonly requests: readonly RequestFixture[]
  readonly answers: readonly AnswerFixture[]
}
