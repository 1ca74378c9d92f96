/** A JSON text on its way to somebody who asked for it. */
export interface Parcel {
  readonly url: string
  /** Beside those that every parcel has. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a receiver answered; its body is nobody's business. */
export interface ParcelAnswer {
  readonly status: number
  /** How long it asks to be left alone, between 0 and a day; null where it does not say. */
  readonly retryAfterMs: number | null
  readonly durationMs: number
}

/** Posts to URLs that are users' own. The implementation holds host policy, and time and size limits. */
export interface Courier {
  /**
   * Checks a URL by its text alone, as when an endpoint is made.
   * @throws Fault invalid_request that says what is wrong, and does not repeat the URL
   */
  admit(url: string): Promise<void>
  /**
   * Posts a parcel once. A redirect is an answer like any other, and not followed.
   * @throws Fault invalid_request as `admit`; upstream_unavailable, upstream_timeout, upstream_malformed
   */
  post(parcel: Parcel): Promise<ParcelAnswer>
}

/** A courier whose code is loaded when it is first needed. */
export function lazyCourier(load: () => Promise<Courier>): Courier {
  return {
    async admit(url) {
      const courier = await load()
      await courier.admit(url)
    },
    async post(parcel) {
      const courier = await load()
      return courier.post(parcel)
    },
  }
}
