/** A request to an upstream, by its components: only `packages/http` makes a URL of it. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Path segments below the base URL, not yet encoded; a segment may hold any text. */
  readonly path: readonly string[]
  readonly query?: readonly (readonly [name: string, value: string])[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back, whole: the body is text of at most the size cap. */
export interface UpstreamResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** When the answer was complete (clock of the caller). */
  readonly at: number
}

/**
 * One operation in a provider's own words, as pure functions both ways.
 * `respond` throws a Fault for every answer that is not a success; the HTTP status alone decides nothing.
 */
export interface Exchange<Input, Output> {
  /** `session` is what the provider's session protocol opened, null where it has none. */
  request(input: Input, session: string | null): UpstreamRequest | Promise<UpstreamRequest>
  respond(response: UpstreamResponse, input: Input): Output | Promise<Output>
  /** True where sending it again is harmless though the first outcome is unknown (reads). */
  readonly repeatable: boolean
}
